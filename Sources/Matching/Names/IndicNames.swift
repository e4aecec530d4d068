extension NameTable {
    /// Names of South Asia and its diaspora in the usual romanisations.
    static let indic = NameTable(
        culture: "South Asian",
        groups: [
            "lakshmi laxmi luxmi lakshmy", "krishna krisna krishnan kishan", "vijay bijay vijai", "vishnu bishnu",
            "ganesh ganesha", "shiva siva shiv", "jyoti joti jothi jyothi", "sita seetha seeta", "gita geeta geetha",
            "deepak dipak deepack", "sunita suneeta", "anita aneeta", "chandra chander chandar", "suresh suresha",
            "rajesh rajeesh", "priya pria", "kavita kavitha", "savita savitha", "lalita lalitha", "rekha reka",
            "usha oosha", "asha aasha", "meena mina", "neeta nita", "ramesh ramesha", "mahesh mahesha",
            "dinesh dinesha", "prakash parkash", "subramaniam subramanian subramanyam", "venkatesh venkatesha",
            "saraswati saraswathi sarasvati", "parvati parvathi", "balakrishnan balakrishna", "mohan mohun",
            "sanjay sanjai", "arvind aravind", "harish hareesh", "girish gireesh", "satish sateesh", "manish maneesh",
            "nilesh neelesh", "pooja puja", "sneha sneh", "divya dibya", "bhavna bhavana", "kiran kirun",
            "gurpreet gurprit", "harpreet harprit", "manpreet manprit", "jaswinder jasvinder", "mohinder mahinder",
            "surinder surender", "rajinder rajender", "muhammad mohammad", "hussain hussein", "fathima fatima",
            "ayesha aisha",
        ]
    )
}
