extension NamingCulture {
    static let amharic = NamingCulture(
        name: "amharic",
        share: 80,
        familyRule: .patronymic,
        faith: .own,
        importedShare: 0,
        female: """
            Tigist Almaz Hirut Selamawit Bethlehem Meseret Aster Genet Yodit Marta Hanna Rahel Senait Tsehay Zewditu \
            Abeba Mulu Worknesh Azeb Eyerusalem Kidist Lemlem Mahlet Netsanet Saba Tirunesh Wubit Birtukan \
            Etenesh Fikirte
            """,
        male: """
            Abebe Kebede Tesfaye Getachew Haile Girma Bekele Alemu Tadesse Dawit Yohannes Mulugeta Solomon Desta \
            Assefa Negash Worku Demeke Berhanu Fikru Gebre Lemma Mengistu Sisay Taye Wolde Yared Zerihun Ashenafi \
            Eshetu
            """,
        family: """
            Abebe Kebede Tesfaye Getachew Haile Girma Bekele Alemu Tadesse Mulugeta Desta Assefa Negash Worku \
            Demeke Berhanu Lemma Mengistu Sisay Taye Wolde Zerihun Eshetu Tefera Mekonnen Shiferaw Gebremariam \
            Gebremedhin Woldemichael Habtemariam
            """,
        femalePieces: ("Tse Wor Me Al Te Ze Ye Aba", "ne se le ri wi bi", "sh t nesh wit ba das maz"),
        malePieces: ("Ge Ha Ke Te Wo Be Me Ta De", "be te ra le ke ne", "de te we ru chew mu ye ne"),
        familyPieces: (
            "Gebre Wolde Habte Te Ke Me Sha Be Ne Haile Tekle",
            "ma mi ra sa be te le ge", "riam chael sa de ye ru cho lassie mu giorgis hin"
        ),
        places: """
            Addis-Ababa/Addis-Ababa Bahir-Dar/Amhara Gondar/Amhara Dessie/Amhara Hawassa/Sidama Adama/Oromia \
            Mekelle/Tigray Jimma/Oromia Debre-Birhan/Amhara Dire-Dawa/Dire-Dawa Arba-Minch/Gamo Harar/Harari
            """,
        dialling: "251",
        nationalIdentifier: "999999999999"
    )
}
