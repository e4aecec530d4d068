extension NameTable {
    /// Names of Swahili, Luganda and other Bantu and Nilotic speakers, and Biblical names as they are written there.
    static let eastAfrican = NameTable(
        culture: "Swahili, Luganda and neighbours",
        groups: [
            "yohana yohane yokaana yowana john", "petero petro peter", "pawulo paulo pauro paul",
            "yakobo yakubu jacob", "yosefu yusufu yosef joseph", "mikaeri mikaeli michael", "maliya maria mariya",
            "lusi lucy lusia", "eriya eliya elijah", "erizabeti elisabeti elizabeth", "luka luke lukas lucas",
            "marko mark malako", "matayo mathayo matthew", "tomasi thomas tomas", "filipo firipo philip",
            "andereya anderea andrew", "simoni simon simioni", "danieri danieli daniel", "samwiri samweli samuel",
            "ezekieri ezekieli ezekiel ezekia", "yeremiya jeremiah", "isaaka isaka isaac",
            "ibulaimu ibrahimu ibrahim", "musa mose moses", "daudi dawudi david", "sulemani sulaimani solomon",
            "zakaliya zakaria", "kirisitina kristina christine", "katalina catherine", "ana anna hana",
            "rebeka lebeka rebecca", "lakeeri raheli rachel", "saala sara sarah", "yunia eunice unice",
            "esita esiteri esther", "mariamu mariam", "fatuma fatumah", "hadija khadija", "amina aminah",
            "rehema rehma", "zainabu zainab", "asha aisha", "mwajuma mwajuma", "juma jumaa",
            "hamisi khamis hamis khamisi", "rashidi rashid", "saidi said", "salimu salim", "omari omar",
            "athumani athuman othman", "ramadhani ramadhan", "seleman selemani suleiman", "haruni harun",
            "kato katto", "wasswa waswa wassua", "babirye babilye", "nakato nakatto", "opio opiyo", "ocen ochen",
            "acen achen", "apio apiyo", "odongo odongho", "otieno otienno", "atieno athieno", "wanjiku wanjikuu",
            "wanjiru wanjiiru", "nyambura nyambora", "njoroge njorogge", "mutiso muthiso", "mwende mwendwa",
            "nanjala nanjalla", "nekesa nekessa", "nafula nafulla", "chebet chepet", "kiprono kipronoh",
            "kipkorir kipkorrir", "chepkorir chepkoriri", "cherono cheronoh",
        ]
    )
}
