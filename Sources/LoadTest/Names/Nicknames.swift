/// The short and pet names under which people register: what a matcher must know to be the same given name.
enum Nicknames {
    private static let pairs = """
        Elizabeth:Liz Elizabeth:Betty Elizabeth:Lizzie Margaret:Maggie Margaret:Peggy Catherine:Cathy Catherine:Kate \
        Christine:Tina Christine:Chris Josephine:Jose Josephine:Josie Susan:Sue Rebecca:Becky Jacqueline:Jackie \
        Jennifer:Jenny Deborah:Debbie Florence:Flo Theresa:Tess Veronica:Vero Caroline:Carol Victoria:Vicky \
        Patience:Pat Beatrice:Bea Dorothy:Dolly Judith:Judy Priscilla:Prissy Annet:Ann Lilian:Lily Sarah:Sally \
        Mary:Maria Alice:Alicia John:Johnny Joseph:Joe James:Jim James:Jimmy David:Dave Samuel:Sam Daniel:Dan \
        Emmanuel:Emma Emmanuel:Manu Robert:Bob Robert:Robbie Charles:Charlie Stephen:Steve Patrick:Pat Isaac:Ike \
        Michael:Mike Richard:Dick Richard:Rich Joshua:Josh William:Will William:Bill Ronald:Ronnie Vincent:Vin \
        Geoffrey:Jeff Kenneth:Ken Frederick:Fred Edward:Eddie Thomas:Tom Philip:Phil Andrew:Andy Anthony:Tony \
        Benjamin:Ben Timothy:Tim Jacob:Jake Solomon:Solo Jonathan:Jon Nicholas:Nick Lawrence:Larry Bernard:Ben \
        Gerald:Gerry Matthew:Matt Zachary:Zack Christopher:Chris Leonard:Leo Mohamed:Moha Mohamed:Muhammad \
        Ibrahim:Ibra Fatima:Fatuma Fatima:Fatma Abubakar:Abu Aisha:Asha Maryam:Mariam Chukwuemeka:Emeka \
        Ikechukwu:Ike Chinedu:Edu Ngozi:Ngo Oluwaseun:Seun Adebayo:Bayo Babatunde:Tunde Olusegun:Segun \
        Temitope:Temi Funmilayo:Funmi Sibusiso:Sbu Nkosinathi:Nathi Siyabonga:Siya Nompumelelo:Mpume \
        Thandiwe:Thandi Busisiwe:Busi Sibongile:Bongi Francisco:Chico José:Zé Antônio:Toni Manuel:Manel \
        Aïssatou:Aïcha Mamadou:Mamad Ousmane:Ous Abdullahi:Abdi Abdallah:Abdul Mustafa:Musta Rajesh:Raj Suresh:Suri
        """

    /// The nicknames of each name, the most common first.
    static let table: [String: [String]] = {
        var table: [String: [String]] = [:]
        for pair in pairs.split(separator: " ") {
            let parts = pair.split(separator: ":").map(String.init)
            table[parts[0], default: []].append(parts[1])
        }
        return table
    }()
}
