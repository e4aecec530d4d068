extension NamingCulture {
    static let arabic = NamingCulture(
        name: "arabic",
        share: 60,
        familyRule: .patronymic,
        faith: .own,
        importedShare: 0,
        female: """
            Fatima Aisha Maryam Zainab Khadija Amina Halima Salma Nour Sara Huda Layla Samira Rania Yasmin Mona \
            Hanan Iman Noura Amal Asma Safiya Rahma Ruqaya Sumaya Hafsa Dina Najwa Wafa Zahra Marwa Jamila Nadia \
            Karima Latifa Malika Naima Rashida Sabah Widad
            """,
        male: """
            Mohamed Ahmed Ali Hassan Ibrahim Omar Mahmoud Mustafa Abdallah Yusuf Khalid Hussein Hamza Ismail Salah \
            Tarek Said Karim Adel Bilal Anwar Faisal Hisham Jamal Kamal Mansour Nasser Osama Rashid Samir Tariq \
            Waleed Yasir Ziad Idris Haroun Luqman Siddiq Taha Zakaria
            """,
        family: """
            Mohamed Ahmed Ali Hassan Ibrahim Omar Mahmoud Mustafa Abdelrahman Elsayed Elamin Eltayeb Osman Idris \
            Bashir Khalifa Salim Hamdan Suleiman Abbas Fadl Gaber Haddad Khoury Mansour Nasr Qasim Rashwan Saleh \
            Tawfik Wahba Yacoub Zaki Farouk Shaaban Ramadan Abdelaziz Abdelgadir Abdelkarim Elhassan
            """,
        femalePieces: ("Sa Na La Ra Ma Ha Ba Wi", "mi di hi li shi ri", "ra ya ha la na ma"),
        malePieces: ("Abdel Sa Na Ma Ha Fa Ja Ra", "kar rah mal ha mi di", "im man ek id af er"),
        familyPieces: (
            "El Abdel Abu Al Ben Bou Nour", "ha ma ka sa ra ba fa sha mi ta", "di ri li wi ni shi mid rouf ed san"
        ),
        places: """
            Khartoum/Khartoum Cairo/Cairo Omdurman/Khartoum Alexandria/Alexandria Port-Sudan/Red-Sea Giza/Giza \
            Kassala/Kassala El-Obeid/North-Kordofan Aswan/Aswan Wad-Madani/Gezira Luxor/Luxor Nyala/South-Darfur
            """,
        dialling: "249",
        nationalIdentifier: "99999999999"
    )
}
