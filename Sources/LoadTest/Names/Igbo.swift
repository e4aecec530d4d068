extension NamingCulture {
    static let igbo = NamingCulture(
        name: "igbo",
        share: 70,
        familyRule: .inherited,
        faith: .christian,
        importedShare: 560,
        female: """
            Ngozi Chioma Adaeze Nkechi Ifeoma Chinyere Amaka Uchenna Nneka Obiageli Adaobi Chidinma Ogechi Ebele \
            Chiamaka Ijeoma Nwakaego Oluchi Kosisochukwu Onyinye Uzoamaka Chinwe Ezinne Ifunanya Nkiruka Akunna \
            Somtochukwu Ugochi Adanna Olanma
            """,
        male: """
            Chukwuemeka Emeka Obinna Ikechukwu Chinedu Uche Nnamdi Kelechi Chidi Ifeanyi Okechukwu Chibuzor Ugochukwu \
            Onyekachi Tochukwu Ebuka Arinze Kenechukwu Chika Obi Nonso Azubuike Chigozie Uzochukwu Ejike Izuchukwu \
            Amaechi Okwudili Somadina Dubem
            """,
        family: """
            Okafor Okonkwo Eze Nwosu Okeke Nwankwo Obi Onyeka Chukwu Igwe Okoro Nwachukwu Anyanwu Opara Ibe Uzor \
            Ezeani Nnadi Okoye Onuoha Umeh Agu Ogbonna Mbah Ekwueme Azikiwe Achebe Nwafor Iwu Obiora Ude Aneke \
            Ugwu Onah Eneh Chidozie Ikpeazu Orji Kalu Uchegbu Madu Nwabueze Onwuka Anozie Emenike Duru Osuji \
            Nwokocha Iheanacho Ezenwa
            """,
        femalePieces: ("Chi Ada Nke Ify Uzo Ogo Nne", "di ma nya ze chu ke lu", "ma nma ka chi oma nye ze"),
        malePieces: ("Chi Obi Ike Uche Eme Ony Nna", "chu bu ne ka di zo", "kwu ka du nna zor di lu"),
        familyPieces: (
            "Oko Nwa Eze Onu Ani Ume Ugwu Obi Ony Iwe Agu Ndu Mba Udo Ike",
            "chu ka ma ne nwa gbo ri zu la bu di ke", "kwo kwu eze ka nna ma nye bia oha igwe gu ra"
        ),
        places: """
            Onitsha/Anambra Enugu/Enugu Aba/Abia Owerri/Imo Awka/Anambra Umuahia/Abia Nnewi/Anambra Abakaliki/Ebonyi \
            Nsukka/Enugu Okigwe/Imo Afikpo/Ebonyi Orlu/Imo
            """,
        dialling: "234",
        nationalIdentifier: "99999999999"
    )
}
