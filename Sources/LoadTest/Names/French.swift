extension NamingCulture {
    static let french = NamingCulture(
        name: "french",
        share: 80,
        familyRule: .inherited,
        faith: .own,
        importedShare: 0,
        female: """
            Marie Aïssatou Fatou Awa Mariama Aminata Jeanne Chantal Béatrice Claudine Solange Thérèse Françoise \
            Élisabeth Christine Adjoua Akissi Amoin Affoué Binta Khady Coumba Ndèye Mame Rokhaya Sylvie Pauline \
            Odette Brigitte Nathalie Sophie Hélène Véronique Geneviève Clémence Espérance Dieudonnée Grâce Divine \
            Merveille
            """,
        male: """
            Jean Mamadou Moussa Ousmane Ibrahima Amadou Pierre Paul Joseph Emmanuel Christian Serge Alain Kouadio \
            Kouassi Koffi Yao Konan Cheikh Modou Pape Abdoulaye Boubacar Souleymane Seydou Patrick Didier Jacques \
            François Michel André Philippe Blaise Dieudonné Fabrice Hervé Olivier Guy Gérard Célestin
            """,
        family: """
            Diop Ndiaye Fall Diallo Traoré Coulibaly Koné Konaté Touré Cissé Sow Ba Sy Kane Seck Gueye Faye Sarr \
            Diouf Sène Kouassi Kouamé Koffi N'Guessan Yao Konan Bamba Ouattara Sanogo Dembélé Keita Camara Sylla \
            Barry Bah Condé Kabila Mukendi Tshibangu Kabongo Ilunga Kasongo Mutombo Ngoy Mbuyi Lumumba Mobutu \
            Ngandu Kalala Nzuzi
            """,
        femalePieces: ("Ma Ya Na Aï Fa Ro Adé Cla", "ri ssa ma li dou ka", "ne tte lle ta na ma line"),
        malePieces: ("Ma Sé Ama Ibra Lam Al Bou Oumar", "ma ly di ka ba", "dou ne ra no ye sse"),
        familyPieces: (
            "Di Ka Ba Tra Sa Cou Kou Ndi Mba Tou Dem Sou Ou Gué Ngo",
            "ou ba li na ka ma go ssa nga mbé ra lé", "ré té né lo ba ka yé du ngo sso ma la"
        ),
        places: """
            Dakar/Dakar Abidjan/Lagunes Kinshasa/Kinshasa Bamako/Bamako Yaoundé/Centre Douala/Littoral \
            Lubumbashi/Haut-Katanga Bouaké/Gbêkê Thiès/Thiès Saint-Louis/Saint-Louis Kananga/Kasaï-Central \
            Ziguinchor/Ziguinchor
            """,
        dialling: "221",
        nationalIdentifier: "9999999999999"
    )
}
