extension NamingCulture {
    static let english = NamingCulture(
        name: "english",
        share: 30,
        familyRule: .inherited,
        faith: .own,
        importedShare: 0,
        female: """
            Mary Grace Elizabeth Sarah Margaret Esther Ruth Jane Florence Agnes Catherine Joyce Rose Alice Susan \
            Rebecca Christine Betty Annet Juliet Beatrice Irene Harriet Dorothy Judith Rachel Lydia Mercy Faith \
            Hope Charity Patience Prudence Josephine Monica Veronica Theresa Cecilia Winnie Edith Eunice Lilian \
            Naomi Deborah Hannah Martha Priscilla Peninah Damaris Joan Lucy Jacinta Caroline Pauline Teresia Purity \
            Brenda Sharon Gloria Linda Diana Stella Doreen Evelyn Jennifer Jacqueline Sandra Angela Victoria Annah \
            Miriam Gertrude Phoebe Scovia Oliver Sylvia Robinah Barbara Allen Proscovia
            """,
        male: """
            John Joseph Peter James David Moses Paul Samuel Daniel Emmanuel Robert Charles George Stephen Patrick \
            Isaac Francis Michael Simon Richard Joshua William Henry Godfrey Ronald Vincent Geoffrey Denis Brian \
            Kenneth Fred Edward Thomas Philip Andrew Martin Anthony Benjamin Timothy Abraham Jacob Solomon Elijah \
            Jonathan Alex Nicholas Lawrence Bernard Augustine Dominic Julius Gerald Ivan Mark Luke Matthew Felix \
            Wilson Nelson Evans Collins Kelvin Victor Dennis Erick Justus Josphat Zachary Gideon Caleb Amos Titus \
            Silas Cyrus Douglas Edwin Frederick Harrison Leonard Christopher
            """,
        family: """
            Smith Jones Williams Brown Johnson Davies Taylor Wilson Thompson Roberts Walker Wright Robinson White \
            Edwards Hughes Green Hall Lewis Harris Clarke Jackson Wood Turner Martin Cooper Hill Ward Morris Moore \
            Clark Lee King Baker Harrison Morgan Allen James Scott Phillips Watson Davis Parker Price Bennett Young \
            Griffiths Mitchell Kelly Cook Carter Richardson Bailey Collins Bell Shaw Murphy Miller Cox Marshall
            """,
        femalePieces: ("Ro El Ma Ka Jo Li Vi An", "sa li ri na ve", "na line beth tte lyn dra"),
        malePieces: ("Ro Al Ed Har Wil Ge Clar", "be de mo ri la", "rt n ld son ck nce"),
        familyPieces: (
            "Ash Bar Black Brad Can Cart Dun Hart Lang Mar Nor Pem Stan Thorn Wex",
            "ing en er le", "ton ley ford field wood man worth well by ham"
        ),
        places: """
            Cape-Town/Western-Cape Johannesburg/Gauteng Pretoria/Gauteng Harare/Harare Monrovia/Montserrado \
            Freetown/Western-Area Accra/Greater-Accra Lusaka/Lusaka East-London/Eastern-Cape Gaborone/South-East
            """,
        dialling: "27",
        nationalIdentifier: "YYMMDD9999089"
    )
}
