/// The names of one culture, ready to be drawn: those in use first, rarer ones made of the culture's syllables after.
struct NameStock: Sendable {
    /// A city, its district and the first digits of its postal codes.
    struct Place: Sendable {
        let city: String
        let district: String
        let postalPrefix: Int
    }

    /// Given names of each sex; enough that a rank in the tail is borne by few.
    static let givenCount = 400
    /// Family names; the tail is long in every country.
    static let familyCount = 3_000
    /// Streets, estates and villages of a culture.
    static let streetCount = 600

    let culture: NamingCulture
    let female: [String]
    let male: [String]
    let family: [String]
    let streets: [String]
    let twinGirls: [String]
    let twinBoys: [String]
    let places: [Place]
    /// The national identifier's format, byte by byte.
    let identifierFormat: [UInt8]

    init(culture: NamingCulture, index: Int) {
        self.culture = culture
        var random = SeededRandom(seed: 0, .names, index)
        female = NameStock.stock(
            culture.female,
            culture.femalePieces,
            count: NameStock.givenCount,
            random: &random
        )
        male = NameStock.stock(culture.male, culture.malePieces, count: NameStock.givenCount, random: &random)
        family = NameStock.stock(culture.family, culture.familyPieces, count: NameStock.familyCount, random: &random)
        streets = NameStock.stock("", culture.familyPieces, count: NameStock.streetCount, random: &random)
        twinGirls = NameStock.words(culture.twinGirls)
        twinBoys = NameStock.words(culture.twinBoys)
        places = NameStock.words(culture.places).enumerated().map { number, text in
            let parts = text.split(separator: "/").map { String($0.replacing("-", with: " ")) }
            return Place(city: parts[0], district: parts[1], postalPrefix: 10 + (index * 7 + number * 3) % 90)
        }
        identifierFormat = Array(culture.nationalIdentifier.utf8)
    }

    static let all: [NameStock] = NamingCulture.all.enumerated().map { NameStock(culture: $1, index: $0) }
    /// The stock that Muslim cultures draw imported given names from.
    static let arabic = all[NamingCulture.all.firstIndex { $0.name == "arabic" } ?? 0]
    /// The stock that Christian cultures draw imported given names from.
    static let english = all[NamingCulture.all.firstIndex { $0.name == "english" } ?? 0]

    static func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }

    private static func stock(
        _ listed: String,
        _ pieces: (starts: String, middles: String, ends: String),
        count: Int,
        random: inout SeededRandom
    ) -> [String] {
        var names = words(listed).map { $0.replacing("dos-", with: "dos ") }
        var known = Set(names)
        let (starts, middles, ends) = (words(pieces.starts), words(pieces.middles), words(pieces.ends))
        // Few pieces may not give enough different names; the stock is then smaller.
        for _ in 0..<(count * 20) where names.count < count {
            var name = starts[random.below(starts.count)]
            for _ in 0..<random.below(3) { name += middles[random.below(middles.count)] }
            name += ends[random.below(ends.count)]
            if name.utf8.count <= 15 && known.insert(name).inserted { names.append(name) }
        }
        return names
    }
}
