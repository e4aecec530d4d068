extension NamingCulture {
    static let hausa = NamingCulture(
        name: "hausa",
        share: 60,
        familyRule: .patronymic,
        faith: .muslim,
        importedShare: 600,
        female: """
            Hauwa Aisha Fatima Zainab Hadiza Maryam Amina Hajara Rakiya Binta Safiya Asabe Laraba Talatu Jummai \
            Ladi Lami Tani Kande Delu Gambo Uwani Yelwa Rabi Sa'adatu Halima Bilkisu Ladidi A'i Dije
            """,
        male: """
            Musa Ibrahim Abubakar Umar Sani Garba Yakubu Bello Haruna Danjuma Audu Shehu Tanko Gambo Danladi Bala \
            Sule Lawal Isa Aminu Kabiru Nuhu Dauda Salisu Murtala Balarabe Ango Magaji Barau Dantani
            """,
        family: """
            Musa Ibrahim Abubakar Umar Sani Garba Yakubu Bello Haruna Danjuma Shehu Tanko Gambo Danladi Bala Sule \
            Lawal Isa Aminu Kabiru Dikko Kano Sokoto Zaria Katsina Gusau Dutse Gwarzo Bichi Wudil
            """,
        femalePieces: ("Ha Sa Ra Ka La Ta Bi", "di ki ra wa la mi", "ya tu be ma na ra"),
        malePieces: ("Dan Ma Ba Sha Ga Ta", "ja la ra na ma", "di ni ko ba ji mu"),
        familyPieces: (
            "Dan Mai Gar Ba Sa Ma Ku Ta Ya Gwa Ja", "ka la ma ra za ji ri bu wa gi",
            "wa wi mi na ri ba do ya ma ji"
        ),
        places: """
            Kano/Kano Kaduna/Kaduna Sokoto/Sokoto Zaria/Kaduna Katsina/Katsina Gusau/Zamfara Bauchi/Bauchi \
            Dutse/Jigawa Birnin-Kebbi/Kebbi Funtua/Katsina Gombe/Gombe Hadejia/Jigawa
            """,
        dialling: "234",
        nationalIdentifier: "99999999999"
    )
}
