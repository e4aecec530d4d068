extension NamingCulture {
    static let kikuyu = NamingCulture(
        name: "kikuyu",
        share: 90,
        familyRule: .inherited,
        faith: .christian,
        importedShare: 900,
        female: """
            Wanjiku Wambui Njeri Wangari Nyambura Wairimu Wanjiru Waithera Muthoni Wangui Nyokabi Wacera Gathoni \
            Wangeci Njoki Wamaitha Nduta Mumbi Warigia Nyawira Wanja Wacuka Gakenia Wakonyo Waceke Nyaguthii \
            Wamuyu Murugi Mukami Wangechi
            """,
        male: """
            Kamau Mwangi Njoroge Kariuki Maina Kimani Karanja Macharia Gitau Ndung'u Muchiri Kinyua Githinji Waweru \
            Njuguna Mbugua Nganga Kuria Gachanja Thuku Muriuki Gichuki Wachira Irungu Gathogo Chege Kibe Ngugi \
            Mungai Kiarie
            """,
        family: """
            Kamau Mwangi Njoroge Kariuki Maina Kimani Karanja Macharia Gitau Muchiri Kinyua Githinji Waweru Njuguna \
            Mbugua Nganga Kuria Wachira Irungu Chege Ngugi Mungai Kiarie Gichuru Githongo Kihara Kibaki Muturi \
            Muriithi Gathungu Nderitu Gatimu Ndegwa Gachoka Murage Kabiru Kagwe Wainaina Kahiga Mugo Munene Gacheru \
            Thiong'o Muthee Kabogo Gikonyo Njenga Ndirangu Theuri Warui
            """,
        femalePieces: ("Wa Nya Ga Mu Nje Wan", "nji ri tho mbu ga ku ce ra ci", "ra ru ku ni ri ta a ki nu"),
        malePieces: ("Ka Gi Mu Ki Nga Ma Wa Thu Nde", "ma ri chu nga tha ke ra gu ti", "u ki ni ga ri hi ra ru go"),
        familyPieces: (
            "Ka Ki Gi Ga Mu Mwa Nde Nga Njo Tha Wa Ma Mbu Gachi Gathe",
            "bu cha gu ka ma nga nyo ra ri the thu wa ge chi", "ra ri ru ni nu ga go gu hia ki ku ti u"
        ),
        places: """
            Nairobi/Nairobi Nyeri/Nyeri Thika/Kiambu Kiambu/Kiambu Nakuru/Nakuru Ruiru/Kiambu Muranga/Muranga \
            Nyahururu/Laikipia Kerugoya/Kirinyaga Naivasha/Nakuru Limuru/Kiambu Karatina/Nyeri
            """,
        dialling: "254",
        nationalIdentifier: "99999999"
    )
}
