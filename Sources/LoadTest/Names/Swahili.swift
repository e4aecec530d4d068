extension NamingCulture {
    static let swahili = NamingCulture(
        name: "swahili",
        share: 110,
        familyRule: .inherited,
        faith: .muslim,
        importedShare: 520,
        female: """
            Neema Zawadi Rehema Mwanaisha Saida Zuhura Amani Furaha Upendo Baraka Subira Mwajuma Asha Pendo Tatu \
            Mwanahamisi Tumaini Salama Bahati Imani Faraja Riziki Mwanajuma Siti Halima Zainabu Sikujua Mwanakombo \
            Ashura Jamila
            """,
        male: """
            Juma Hamisi Bakari Athumani Baraka Daudi Rajabu Shabani Ramadhani Salim Mwinyi Bahati Hamadi Jabali \
            Seif Khamis Musa Abasi Omari Idi Makame Faraji Mzee Mbaraka Heri Simba Kheri Masoud Sudi Zuberi
            """,
        family: """
            Juma Hamisi Bakari Mwangi Mwinyi Athumani Komba Massawe Mushi Mrema Shirima Lyimo Kimaro Temba Macha \
            Mollel Laizer Msuya Mbwambo Kessy Swai Urassa Mwakyusa Mwaipopo Mwamba Mhagama Nyoni Haule Ngowi Sanga \
            Chande Kombo Mwita Chacha Marwa Magesa Masanja Malima Nyerere Kawawa Mkapa Mtei Lema Mosha Minja Moshi \
            Salum Ally Makame Pandu
            """,
        femalePieces: ("Mwana Zu Sa Ne Fa Ri Ta Ha", "ha i ju li ma ra si wa", "ma na ra sha ni ya ti fa"),
        malePieces: ("Ma Mwi Sha Ra Ba Ha Ju Sa Ki", "ba da ka li ma nyi ra sa", "ri bu di ni ma ka li"),
        familyPieces: (
            "Mwa Ma Ki Nya Mu Cha Shi Mbwa Lu Ka Ngo Mto Msa Mka Nde",
            "ka ki li ma mbo ngo ra sa ti wa nja ge", "la ma ni ro sha ti ya go bi le nda ki"
        ),
        places: """
            Dar-es-Salaam/Ilala Mwanza/Nyamagana Arusha/Arusha Dodoma/Dodoma Mombasa/Mombasa Tanga/Tanga \
            Morogoro/Morogoro Zanzibar/Mjini Malindi/Kilifi Kigoma/Kigoma Tabora/Tabora Moshi/Kilimanjaro
            """,
        dialling: "255",
        nationalIdentifier: "YYYYMMDD999999999999"
    )
}
