extension NamingCulture {
    static let somali = NamingCulture(
        name: "somali",
        share: 50,
        familyRule: .patronymic,
        faith: .own,
        importedShare: 0,
        female: """
            Faadumo Hodan Asha Ifrah Sahra Hawa Ubah Khadra Amina Deeqa Fartun Habiba Ladan Nasra Raho Sagal Xaawo \
            Yasmiin Zamzam Caasho Hibaq Idil Kaltun Maryan Nimco Rahma Safiya Shukri Filsan Hamdi
            """,
        male: """
            Mohamed Abdi Ahmed Hassan Ali Abdullahi Omar Ibrahim Yusuf Farah Warsame Cabdi Jama Nur Osman Isse \
            Hussein Aden Guled Liban Mahad Mohamud Roble Samatar Sharif Suleiman Bashir Daahir Geedi Xasan
            """,
        family: """
            Mohamed Abdi Ahmed Hassan Ali Abdullahi Omar Ibrahim Yusuf Farah Warsame Jama Nur Osman Isse Hussein \
            Aden Mohamud Roble Samatar Hirsi Egal Duale Gelle Barre Shire Elmi Dirie Awale Adan
            """,
        femalePieces: ("Fa Ho Sa Ha Na De Xa", "du da ra wa hi li", "mo n ra q yo l sha"),
        malePieces: ("Cab War Fa Ma Gu Sa Abdi", "di sa ra ha le mu", "me r d n shid ud"),
        familyPieces: (
            "Abdi War Gu Du Ma Hi Xi Je Shi Cab", "ra le sa la ma wa di", "h r me le n re e d ye yare"
        ),
        places: """
            Mogadishu/Banaadir Hargeisa/Woqooyi-Galbeed Bosaso/Bari Kismayo/Lower-Juba Garissa/Garissa Galkayo/Mudug \
            Baidoa/Bay Burao/Togdheer Wajir/Wajir Berbera/Sahil Jijiga/Fafan Beledweyne/Hiran
            """,
        dialling: "252",
        nationalIdentifier: "999999999"
    )
}
