extension NameTable {
    /// Names of West and Central Africa as French and English write them.
    static let westAfrican = NameTable(
        culture: "West African, French and English spellings",
        groups: [
            "mamadou mahamadou mamadu", "ibrahim ibrahima brahima ibrahime", "aissata aissatou aicha aisata aissetou",
            "fatou fatoumata fatimata fanta", "moussa mousa", "abdoulaye abdulaye abdoulai",
            "souleymane soulaymane suleymane soulemane", "seydou saidou seidou", "amadou ahmadou amadu hamadou",
            "issa eissa isa", "cheikh sheikh cheick", "mariama mariame mariam",
            "kadiatou kadidiatou khady kadiatu kadija", "ousseynou ousseini ousseynu",
            "alassane alhassane lassana alhassan", "binta bintou bintu", "hawa awa hawaou", "salimata salimatou",
            "djibril jibril gibril djibrill", "yaya yahaya", "sekou seku sekouba", "modou modu", "lamine laminou",
            "babacar babakar", "demba demaba", "coumba kumba", "ndeye ndey", "chukwu chuku", "emeka chukwuemeka",
            "ngozi ngosi", "chinedu chinedum", "olusegun segun", "olufemi femi", "oluwaseun seun", "adewale wale",
            "ayodele ayo", "temitope tope", "babatunde tunde", "kwame kwami", "kofi coffi koffi",
            "kwaku kouakou kwakou", "yao yaw", "kouassi kwasi kwesi", "kouadio kodjo kwadwo", "akua akoua",
            "ama amma", "abena abla", "esi essi", "yves ivo", "guillaume william", "jerome jerom", "etienne stephane",
            "benoit benedict", "laurent lawrence", "marguerite margaret", "therese teresa", "genevieve genoveva",
            "antoinette toinette", "jeanne jane",
        ]
    )
}
