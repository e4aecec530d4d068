extension NamingCulture {
    static let luo = NamingCulture(
        name: "luo",
        share: 80,
        familyRule: .inherited,
        faith: .christian,
        importedShare: 880,
        female: """
            Achieng Akinyi Atieno Adhiambo Anyango Awuor Akoth Apiyo Adongo Auma Awino Aluoch Amondi Adoyo Aoko \
            Apondi Akello Acheng Atim Anena Lamunu Lakot Amito Aber Apio Acayo Akongo Arach Ajok Aketch
            """,
        male: """
            Otieno Ochieng Odhiambo Onyango Omondi Owuor Okoth Opiyo Odongo Ouma Owino Oluoch Oduor Ogola Okello \
            Okumu Opondo Ojwang Obiero Ochola Okot Oryem Ocen Ojok Komakech Opio Akena Olara Otim Obonyo
            """,
        family: """
            Otieno Ochieng Odhiambo Onyango Omondi Owuor Okoth Opiyo Odongo Ouma Owino Oluoch Oduor Ogola Okello \
            Okumu Opondo Ojwang Obiero Ochola Odinga Ogutu Nyongo Orengo Raila Obado Ayako Okeyo Ogada Oyugi Osewe \
            Okech Otunga Olweny Oloo Ongeri Obama Onyancha Olango Oballa Omolo Ogot Achola Ocan Oketayot Odoki \
            Ojera Okidi Laker Otema
            """,
        femalePieces: ("A Acha Adi Ako Ane Aye", "chi ki di ny ti wu lo", "eng inyi eno ambo ango uor oth iyo"),
        malePieces: ("O Ocha Odi Oko One Oye", "chi ki di ny ti wu lo", "eng inyi eno ambo ango uor oth iyo"),
        familyPieces: (
            "O Oba Oge Oko Olu Ony Oru Otu Owa Oya Odu Ocha Oje Owi Ode",
            "che di ga ko la mo ne nga ra ru ti wo ya", "ch ng re la mba ndi go ngo tho ro do wa l"
        ),
        twinGirls: "Apiyo Adongo",
        twinBoys: "Opiyo Odongo",
        places: """
            Kisumu/Kisumu Gulu/Gulu Homa-Bay/Homa-Bay Siaya/Siaya Migori/Migori Lira/Lira Kitgum/Kitgum Bondo/Siaya \
            Ahero/Kisumu Rongo/Migori Pader/Pader Oyugis/Homa-Bay
            """,
        dialling: "254",
        nationalIdentifier: "99999999"
    )
}
