extension NameTable {
    /// Names of Angola, Mozambique, Cape Verde and Guinea-Bissau, with their short forms.
    static let lusophone = NameTable(
        culture: "Portuguese",
        groups: [
            "joao john juan", "jose zeca ze josef", "antonio toni tony", "francisco chico xico",
            "manuel manecas nelo", "fernando nando", "filipe felipe philip", "luis luisinho", "joaquim quim joaquin",
            "domingos mingos domingo", "conceicao sao", "catarina catherine", "guilherme william", "jorge george",
            "pedro peter", "paulo paul", "tomas thomas", "miguel michael", "tiago diogo", "rosario rosaria",
            "helena lena", "teresa tereza", "luisa luiza", "isabel izabel", "elisa eliza", "sousa souza",
            "eduardo edu", "alberto beto", "carlos carlitos", "celeste celestina", "graca gracinda", "amelia amalia",
            "esperanca esperanza", "natalia natalina", "lurdes lourdes", "margarida margaret", "rui ruy",
            "vitor victor", "xavier javier", "inacio ignacio", "estevao stephen estevan", "mateus matthew",
            "lucas luke",
        ]
    )
}
