extension NamingCulture {
    static let portuguese = NamingCulture(
        name: "portuguese",
        share: 60,
        familyRule: .inherited,
        faith: .own,
        importedShare: 0,
        female: """
            Maria Ana Joana Isabel Teresa Luísa Rosa Fátima Helena Catarina Beatriz Margarida Graça Celeste Amélia \
            Esperança Lurdes Conceição Madalena Angelina Delfina Cecília Felismina Albertina Ernestina Julieta \
            Laurinda Odete Palmira Regina Sónia Telma Vitória Zulmira Augusta Carlota Domingas Eugénia Filomena \
            Guilhermina
            """,
        male: """
            João José António Manuel Carlos Francisco Pedro Paulo Domingos Armando Alberto Fernando Joaquim Jorge \
            Luís Mário Miguel Nelson Rui Salvador Tomás Vasco Abel Adelino Américo Augusto Bernardo Custódio \
            Daniel Eduardo Ernesto Filipe Gabriel Hélder Inácio Jacinto Lourenço Moisés Osvaldo Raul
            """,
        family: """
            Silva Santos Ferreira Pereira Costa Rodrigues Fernandes Gomes Lopes Martins Sousa Neto Mondlane Machel \
            Chissano Macuácua Cossa Sitoe Langa Matsinhe Nhantumbo Tembe Zandamela Cumbane Manhiça Muianga \
            Chivambo Guebuza Nhaca Mabunda dos-Santos Savimbi Kiala Domingos Sebastião António Cabral Almeida \
            Tavares Moreira Semedo Évora Correia Mendes Vieira Andrade Barros Monteiro Pires Varela
            """,
        femalePieces: ("Al An Del Er Fe Le Ma Ro", "ber mi ci li ri do", "na ta da sa lia ra"),
        malePieces: ("Al An Ar Ber Da El Fe Ma", "ber do mi li ri na", "to do no lino sto rio"),
        familyPieces: (
            "Ma Nha Chi Mu Ta Zi Cu Ngu Ba Mon Fa Gu",
            "cu la si nga vu ba te lu na mbe ri", "ne ca na ve ba ze la ia mo do ngue che"
        ),
        places: """
            Maputo/Maputo Luanda/Luanda Matola/Maputo Beira/Sofala Nampula/Nampula Huambo/Huambo Benguela/Benguela \
            Praia/Santiago Quelimane/Zambézia Lobito/Benguela Xai-Xai/Gaza Tete/Tete
            """,
        dialling: "258",
        nationalIdentifier: "999999999999A"
    )
}
