extension NameTable {
    /// Arabic names in the romanisations of North Africa, the Gulf and the coast of East Africa.
    static let arabic = NameTable(
        culture: "Arabic",
        groups: [

            "abdulrahman abdurrahman abdelrahman abderrahman abderrahmane abdirahman abdurahman abdourahmane",
            "abdulaziz abdelaziz abdiaziz abdoulaziz",
            "abdulkadir abdulqadir abdelkader abdikadir abdoulkader abdulkader",
            "abdulrazak abdulrazaq abderrazak abdirizak abdirisaq", "abdulkarim abdelkarim abdelkrim abdikarim",
            "abdulhamid abdelhamid abdihamid",
            "abubakar abubakr aboubacar aboubakar boubacar boubakar bubakar abubakari bakari",
            "khalid khaled kaled halid", "jamal gamal djamel jamaal", "nur noor nour nuru nuur",
            "mustafa moustapha mostafa mustapha moustafa", "mahmoud mahmud mahmood maxamuud",
            "tariq tarek tarik tareq", "laila leila leyla layla lailah", "rashid rachid rasheed rashidi",
            "jafar jaffar gaafar djafar jaafar", "qasim kassim kasim qassem kacem kassem", "salma selma",
            "hamza hamzah amza", "bilal bilali", "karim kareem kerim", "mariam maryam", "farid fareed",
            "habib habibou habibu", "idris idriss edris idrissa", "ayub ayoub ayyub", "harun haroun haroon harouna",
            "hamid hameed hamidou hamidu", "jabir jaber djaber", "malik malek maalik", "mansur mansour mansoor",
            "munir mounir muneer", "nasir nasser naser nassir", "rahma rahmah", "ramadan ramadhan ramadhani ramzan",
            "sabir saber sabri", "sharif cherif shariff sherif", "shukri choukri", "sumaya sumayya soumaya sumaiya",
            "taha tahaa", "zaid zayd zeid", "zubair zubeir zubayr zoubeir", "asma asmaa asmah", "hafsa hafsah hafswa",
            "hanan hanane", "huda houda", "iman imane eman", "jamila djamila jamilah", "nadia nadya nadiya",
            "najma najmah", "rabia rabiah", "rukia ruqayya rukiya ruqia rokia", "sakina sakinah sekina",
            "samira sameera", "saida saeeda saidah", "warda wardah", "yasin yassin yaseen yacine", "suad souad suaad",
            "swaleh saleh salih salah", "mwanaidi mwanaid", "mwanahamisi mwanamisi",
        ]
    )
}
