public import Demographics

/// Groups of given names that are used for one another: nicknames, short forms, the same name in other languages.
public enum NameVariants {
    /// The group of a name; 0 where it has none.
    public static func group(_ word: Word) -> UInt16 { groups[word.hash] ?? 0 }

    private static let groups: [UInt64: UInt16] = {
        var table = [UInt64: UInt16]()
        var number: UInt16 = 0
        for line in lines {
            number += 1
            for name in line.split(separator: " ") { table[Word(name.utf8).hash] = number }
        }
        return table
    }()

    // Compiled by hand from everyday use; each name stands in one group only, the most usual one.
    private static let lines: [String] = [
        "abdul abdulla abdullah abdallah abdalla abdulahi abdullahi",
        "abigail abby gail", "abraham ibrahim abram abe ibraheem", "adam adan aadam", "agnes aggie",
        "albert al bertie alberto", "alexander alex alec sandy alejandro aleksander alexandre iskander",
        "alexandra alexa sandra lexi", "alfred alf alfie fred alfredo", "alice alicia alison", "amina aminah aminata",
        "andrew andy drew andreas andre andres andrea", "angela angie angelina", "ann anne anna annie hannah ana",
        "anthony tony antony antonio anton antoine", "arthur art artie", "barbara barb babs",
        "benjamin ben benny benji",
        "catherine katherine kathryn cathy kathy kate katie kathleen kat cat catalina katarina",
        "charles charlie chuck carlos karl carl", "charlotte lottie",
        "christina christine chris tina kristin kristina christy",
        "christopher kit topher christoffer cristobal", "daniel dan danny danilo daniele",
        "david dave davey dawood daud daudi",
        "deborah debbie deb debra", "donald don donnie", "dorothy dot dottie dolly",
        "edward ed eddie ted teddy eduardo ned",
        "eleanor ellie nora elena", "elijah elias eliya ilyas",
        "elizabeth liz lizzie beth betty eliza elisabeth elisa bess betsy",
        "emily em emmy emilia", "emmanuel emanuel manuel manny", "ernest ernie ernesto", "esther ester hester",
        "eugene gene", "eunice younice", "fatima fatuma fatma fatimah faatima fatou fatoumata",
        "florence flo flora florencia",
        "frances fran francesca", "francis frank francisco franco francois frankie",
        "frederick freddie freddy frederic federico",
        "gabriel gabe", "george jorge georgios joji", "gerald gerry jerry", "gloria glory", "grace gracie",
        "gregory greg gregorio",
        "harold harry hal", "hassan hasan hassani", "helen helena ellen nell nellie", "henry hank enrique henri",
        "hussein hussain hussayn husein husayn", "isaac ishaq isaak", "isabel isabella isabelle bella izzy belle",
        "jacob jake yakubu yaqub yakobo", "jacqueline jackie jacquie", "james jim jimmy jamie jaime diego santiago",
        "jane janet janie joan", "jeffrey jeff geoffrey geoff", "jennifer jen jenny jenna", "jeremy jeremiah jerome",
        "jessica jess jessie", "john jon johnny jack juan jean jan ivan yahya yohana johannes joao johan",
        "jonathan jonny nathan",
        "joseph joe joey jose yusuf yusufu yousef youssef giuseppe yosef", "joshua josh", "joyce joy", "judith judy",
        "julia julie juliet julieta juliana", "kenneth ken kenny", "kimberly kim kimberley",
        "lawrence larry laurence lorenzo",
        "leonard leo len lenny leonardo", "lillian lily lilian liliana", "linda lynn lyn", "louis lou luis lewis luigi",
        "lucy lucia lucie", "madeline maddie madeleine",
        "margaret maggie peggy meg marge margie greta margarita marguerite",
        "maria mary marie miriam mariam maryam mariamu mariama molly polly", "mark marc marcus marco marcos",
        "martha marta",
        "martin marty martinho", "matthew matt mateo matias mathew matteo",
        "michael mike mick mickey miguel michel mikael mikhail mikaeli",
        "mildred millie",
        "mohammed muhammad mohamed mohammad muhammed mohamad muhamed mohamud mohamoud mahamadou mamadou",
        "moses musa moussa moises mousa", "nancy nan", "natalie nat natalia", "nicholas nick nicky nicolas nikolai",
        "noah nuhu nuh",
        "omar umar umaru omari", "oscar oskar", "pamela pam", "patricia pat patty tricia trish",
        "patrick paddy patricio",
        "paul pablo paulo paolo pavel", "pauline paulina", "peter pete pedro pierre petro petr petros",
        "philip phil phillip felipe philippe",
        "rachel rachael raquel raheli", "raymond ray ramon", "rebecca becky becca rebeka rebecka",
        "richard rick rich dick ricky ricardo",
        "robert rob bob bobby robbie roberto bert", "ronald ron ronnie", "rose rosa rosie rosemary", "ruth ruthie",
        "said saeed sayed saidi", "salim saleem selim", "samantha sammy", "samuel sam samwel sammie",
        "sarah sara sally sadie",
        "sharon shari", "simon simeon simao", "solomon suleiman sulaiman suleman sulayman", "sophia sophie sofia",
        "stephanie steph",
        "stephen steve steven stefan esteban stephane stefano", "susan sue susie suzanne susanna susana",
        "theodore theo",
        "theresa teresa terry tess", "thomas tom tommy tomas tomasi", "timothy tim timmy timoteo",
        "victor vic viktor vittorio",
        "victoria vicky tori vickie", "vincent vince vinny vicente", "virginia ginny", "walter walt wally",
        "william bill billy will willie liam wilhelm guillermo willy",
        "yasmin jasmine yasmine jasmin", "zachary zach zack zakaria zachariah zakariya zacharias",
        "aisha aysha ayesha asha aicha aishah", "khadija khadijah hadija khadidja", "halima halimah",
        "zainab zaynab zeinab zainabu",
        "ali aly", "ahmed ahmad ahamed ahmet", "osman uthman othman usman ousmane", "ismail ismael ishmael",
        "yunus jonah younus",
    ]
}
