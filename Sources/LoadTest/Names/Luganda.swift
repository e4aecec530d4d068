extension NamingCulture {
    static let luganda = NamingCulture(
        name: "luganda",
        share: 130,
        familyRule: .inherited,
        faith: .christian,
        importedShare: 780,
        female: """
            Nakato Babirye Nakku Namukasa Nansubuga Nabirye Namazzi Nakimuli Nalwanga Namatovu Nambooze Nakibuuka \
            Nantongo Nakayiza Namaganda Nabukenya Nalubega Nassanga Nabawanuka Nakyanzi Namusoke Nabakooza Nakirya \
            Nalweyiso Nagawa Nankya Nanyonga Nabwire Namirembe Nakabugo
            """,
        male: """
            Kato Wasswa Mukasa Musoke Kizza Kiggundu Kyeyune Ssentamu Lubega Sserunjogi Kasozi Kaggwa Lule Mayanja \
            Muwanga Kiwanuka Ssali Nsubuga Walusimbi Kibuuka Bbosa Mugerwa Kakooza Magezi Mpanga Sebunya Lutaaya \
            Kalule Matovu Gitta
            """,
        family: """
            Mukasa Musoke Ssemakula Kiggundu Lubega Kato Nsubuga Matovu Ssentongo Kiwanuka Mugisha Kasozi Sserwadda \
            Kaggwa Mayanja Lutalo Ssebunya Kakooza Nakato Namukasa Nakimuli Nansubuga Nabukenya Nalubega Namatovu \
            Ssekandi Ssempijja Kyeyune Bukenya Kintu Ddungu Kayiira Lukwago Ssenyonga Muwonge Kabugo Katende \
            Kisakye Luyima Walugembe Zziwa Tamale Sserunkuuma Mutebi Kayemba Kalema Kimera Lwanga Ssozi Katongole
            """,
        femalePieces: (
            "Na Nam Nak Nab Nan Nal Nas", "ku ba si li ga wa to mu ye bi ki lwa", "ga za ka nda mba ya so wa sa"
        ),
        malePieces: ("Ka Mu Ki Lu Ma Wa Bu Se Kya", "ga ku ba zi se li wo te yi nga", "sa mba za nda ga wa li ko bi"),
        familyPieces: (
            "Sse Ssem Ssen Kab Kas Lub Luk Muk Mug Nam Nak Nab Wal Bal Kig Kyo Byar Tum Bukk",
            "ba ku ga wu ya li mo zi nga ki te so lu mbu nyo wa", "la ka ma ndi ga mbe zi wa nga ra so ta bya"
        ),
        twinGirls: "Babirye Nakato",
        twinBoys: "Wasswa Kato",
        places: """
            Kampala/Kampala Entebbe/Wakiso Masaka/Masaka Jinja/Jinja Mukono/Mukono Mityana/Mityana Luwero/Luwero \
            Mbarara/Mbarara Kayunga/Kayunga Mubende/Mubende Kiboga/Kiboga Rakai/Rakai
            """,
        dialling: "256",
        nationalIdentifier: "CSYY99999999AA"
    )
}
