extension NamingCulture {
    static let yoruba = NamingCulture(
        name: "yoruba",
        share: 80,
        familyRule: .inherited,
        faith: .christian,
        importedShare: 450,
        female: """
            Folake Yetunde Titilayo Bukola Abimbola Omolara Ronke Adunni Temitope Olufunke Modupe Iyabo Kehinde \
            Taiwo Funmilayo Bolanle Oluwaseun Aduke Morenike Olabisi Simisola Wuraola Ayomide Damilola Ebunoluwa \
            Feyisayo Ibironke Kikelomo Oyinkansola Tẹniọla
            """,
        male: """
            Oluwaseun Adebayo Olumide Babatunde Adewale Tunde Segun Kunle Femi Kayode Olusegun Gbenga Dele Rotimi \
            Taiwo Kehinde Ayodele Biodun Wale Sola Akinwale Olaoluwa Folarin Jide Bayo Ademola Idowu Lanre Niyi Dapo
            """,
        family: """
            Adeyemi Adebayo Ogunleye Okafor Olawale Adeleke Akinola Oladipo Ajayi Balogun Bello Afolabi Oyelaran \
            Adewale Ogundipe Akande Fashola Olatunji Oyedepo Adekunle Ogunbanjo Akintola Awolowo Soyinka Obasanjo \
            Falana Adesina Adegoke Oyebanji Alabi Lawal Salami Olaniyan Oyewole Ojo Ige Fawehinmi Sowande Adeniran \
            Ogunsola Oduya Makinde Abiola Olorunfemi Famuyiwa Ayodeji Odunsi Oguntade Aderibigbe Omotoso
            """,
        femalePieces: ("Olu Ade Omo Ayo Fola Oyin Ibi Tẹmi", "bu fun mi la da ke wa tọ", "la yo ke ye mi dun bi ola"),
        malePieces: ("Olu Ade Akin Ayo Baba Fola Ola Tẹmi", "wa bo to ku ye de se", "le yo mi de tunde gun wale la"),
        familyPieces: (
            "Ade Ogun Olu Akin Oye Ola Fa Aro Odu Awo Omo Ayo Abi Oyin Ṣo",
            "ba bi de fo ga ku la le mi no ra si wo yi", "de yo ye la ola mi tunji wale bo nle ke ran gbe sanya"
        ),
        twinGirls: "Taiwo Kehinde",
        twinBoys: "Taiwo Kehinde",
        places: """
            Lagos/Lagos Ibadan/Oyo Abeokuta/Ogun Osogbo/Osun Ile-Ife/Osun Akure/Ondo Ogbomoso/Oyo Ado-Ekiti/Ekiti \
            Ilesa/Osun Ijebu-Ode/Ogun Oyo/Oyo Ikorodu/Lagos
            """,
        dialling: "234",
        nationalIdentifier: "99999999999"
    )
}
