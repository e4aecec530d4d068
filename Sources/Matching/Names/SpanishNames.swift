extension NameTable {
    /// Spanish names with their short forms.
    static let spanish = NameTable(
        culture: "Spanish",
        groups: [
            "francisco paco pancho kiko curro", "jose pepe chepe", "guadalupe lupe lupita", "ignacio nacho",
            "jesus chuy chucho", "concepcion concha conchita", "dolores lola lolita", "mercedes meche merche",
            "rosario charo chayo", "enrique quique kike", "eduardo lalo", "roberto beto", "isabel chabela isa",
            "graciela chela", "consuelo chelo", "antonio tono", "alejandro alex jandro", "guillermo memo guille",
            "luis lucho", "manuel manolo", "rafael rafa", "ramon moncho", "teresa tere", "pilar pili", "soledad sole",
            "socorro coco", "beatriz bety", "gabriela gaby", "fernando nando fer", "gonzalo chalo",
            "hortensia tencha", "refugio cuca", "vicente chente", "jacobo jaime", "juana juanita", "margarita rita",
            "esperanza espe", "encarnacion encarna", "milagros mila", "nicolas nico",
        ]
    )
}
