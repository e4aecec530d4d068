extension NamingCulture {
    static let zulu = NamingCulture(
        name: "zulu",
        share: 90,
        familyRule: .inherited,
        faith: .christian,
        importedShare: 420,
        female: """
            Nomvula Thandiwe Zanele Nokuthula Lindiwe Ntombi Sibongile Nonhlanhla Thembi Busisiwe Nomusa Zodwa \
            Hlengiwe Ayanda Nompumelelo Bongiwe Phumzile Sindisiwe Thobile Nolwazi Nozipho Londiwe Khanyisile \
            Nomthandazo Gugu Precious Dudu Jabulile Mbali Slindile
            """,
        male: """
            Sipho Themba Bongani Thabo Sibusiso Mandla Jabulani Siyabonga Lungelo Musa Nkosinathi Vusi Mthokozisi \
            Sandile Dumisani Sifiso Thulani Bheki Zakhele Mduduzi Nhlanhla Xolani Ayanda Lindani Khulekani Senzo \
            Philani Mfanafuthi Sizwe Muzi
            """,
        family: """
            Dlamini Nkosi Ndlovu Khumalo Sithole Mkhize Zulu Ngcobo Mthembu Buthelezi Cele Gumede Zungu Mchunu \
            Shabalala Ntuli Hlongwane Mhlongo Zwane Nxumalo Majola Mbatha Radebe Hadebe Mazibuko Msomi Xaba Dube \
            Nene Ngubane Biyela Sibiya Myeni Mabaso Vilakazi Langa Manzini Mdluli Luthuli Magwaza Khoza Masuku \
            Zondi Zuma Mbele Ndaba Nhlapo Molefe Mokoena Motaung
            """,
        femalePieces: ("No Ntombi Thandi Si Bo Phu Zo Lo", "mvu ku nhla si the mba lwa", "la thi le we zi lo ni sa"),
        malePieces: ("Si Nko Mthu Bhe Lu Mpu Sa Kwa", "bu si tho zwa nda mi khu", "so ni lo sa zi ke li"),
        familyPieces: (
            "Nd Mkh Ngc Mth Hl Mb Zw Sh Khu Nx Ma Si Bhe Mnge Gu Ngw",
            "la lo mba the nga zi hla ku le so nyo wa", "ni ne si lo zi nga mbo le thi ma ndi na bo"
        ),
        places: """
            Durban/eThekwini Johannesburg/Gauteng Pietermaritzburg/uMgungundlovu Richards-Bay/King-Cetshwayo \
            Newcastle/Amajuba Ladysmith/uThukela Ulundi/Zululand Soweto/Gauteng Vryheid/Zululand \
            Empangeni/King-Cetshwayo Eshowe/King-Cetshwayo Nongoma/Zululand
            """,
        dialling: "27",
        nationalIdentifier: "YYMMDD9999089"
    )
}
