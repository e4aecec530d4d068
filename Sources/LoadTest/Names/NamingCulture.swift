/// The words of one naming culture: names in use, pieces from which rarer ones are made, and places.
///
/// Lists are separated by spaces, the most common first. All names are common words of their languages; no list was
/// taken from a register.
struct NamingCulture: Sendable {
    /// How a family name comes about.
    enum FamilyRule: Sendable {
        /// Children and wife bear the father's family name.
        case inherited
        /// A person bears the given names of father and grandfather.
        case patronymic
    }

    /// Which imported given names people of the culture also bear.
    enum Faith: Sendable {
        /// Biblical and English names.
        case christian
        /// Arabic names.
        case muslim
        /// None besides their own.
        case own
    }

    let name: String
    /// Share in the population, in thousandths of all shares.
    let share: Int
    let familyRule: FamilyRule
    let faith: Faith
    /// Thousandths of the people who go by an imported given name.
    let importedShare: Int
    let female: String
    let male: String
    let family: String
    /// Beginnings, middles and ends of rarer given names of women.
    var femalePieces: (starts: String, middles: String, ends: String)
    /// Beginnings, middles and ends of rarer given names of men.
    var malePieces: (starts: String, middles: String, ends: String)
    /// Beginnings, middles and ends of rarer family names.
    var familyPieces: (starts: String, middles: String, ends: String)
    /// Names given to twins, elder first; empty where twins bear ordinary names.
    var twinGirls = ""
    /// Names given to twin boys, elder first.
    var twinBoys = ""
    /// `City/District` pairs, the largest first.
    let places: String
    /// International dialling code without the plus.
    let dialling: String
    /// How a national identifier is written: `9` a digit, `A` a letter, `S` the sex (M or F), `Y`, `M`, `D` digits of
    /// the birth date.
    let nationalIdentifier: String

    /// All cultures, in a fixed order: an index into it is part of what a seed means.
    static let all: [NamingCulture] = [
        luganda, swahili, kikuyu, luo, zulu, yoruba, igbo, hausa, amharic, somali, arabic, french, portuguese, indian,
        english,
    ]
}
