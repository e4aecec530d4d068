extension NameTable {
    /// Names of Ethiopia and Eritrea in the usual romanisations.
    static let ethiopian = NameTable(
        culture: "Amharic and Tigrinya",
        groups: [
            "tewodros tedros theodros tewedros teodros", "yohannes yohanes yohanis yohans", "haile hayle hailu",
            "tsehay tsehaye tsehai sehay", "selamawit selam selamawite", "mekonnen makonnen mekonen mokonnen",
            "tesfaye tesfay tesfai", "berhanu birhanu berhane birhane berhan", "wolde welde woldu weldu",
            "meseret meserat messeret", "bethlehem betelhem betlehem", "eyerusalem iyerusalem eyerus",
            "kidist kidest kidst", "dawit david dawitt", "gebriel gabriel gebreal", "giorgis george gyorgis",
            "isayas isaias esayas", "getachew getachw getacho", "alemayehu alemayhu", "mulugeta muluget",
            "girma grma", "kebede kebbede", "abebe abebbe", "almaz almaze", "tigist tigest tgst tigst",
            "hiwot hiywot hewot", "mekdes meqdes mekedes", "zewdu zewditu zewde", "yared yard",
            "ermias ermiyas jeremiah", "elias eliyas", "mikael mikiel mikeal", "samuel samuiel", "solomon selomon",
            "tekle teklay", "fikre fekre fikru", "fikir fiker", "genet gennet", "gebre gebru", "habte habtu habtamu",
            "kassahun kasahun", "lemlem lemelem", "mesfin mesifin", "negash negasi", "rahel rachel", "senait sinait",
            "tadesse tadese taddese", "teshome teshomme", "worku workou", "yonas jonas", "zeleke zelleke",
            "zerihun zeryhun", "assefa asefa", "ayele ayelle", "bekele beqele", "demissie demise demissee",
            "desta desita",
        ]
    )
}
