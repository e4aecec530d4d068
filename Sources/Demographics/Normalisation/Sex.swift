/// Sex as far as it helps to tell people apart.
public enum Sex: UInt8, Sendable {
    /// Not recorded, or recorded in words that say neither.
    case unknown = 0
    /// Recorded as female.
    case female = 1
    /// Recorded as male.
    case male = 2
    /// Recorded as something else on purpose.
    case other = 3

    /// Reads what a source wrote, in English, French, Portuguese, Spanish, Swahili or by HL7 and ISO 5218 codes.
    public init(_ text: String) {
        let word = TextFolding.joined(text).description
        switch word {
        case "f", "female", "femme", "feminin", "femenino", "feminino", "mujer", "mulher", "woman", "girl", "w",
            "weiblich", "mke", "mwanamke", "ke", "2":
            self = .female
        case "m", "male", "homme", "masculin", "masculino", "hombre", "homem", "man", "boy", "maennlich", "mannlich",
            "mume", "mwanaume", "me", "1":
            self = .male
        case "o", "other", "nonbinary", "nb", "x", "intersex", "diverse", "divers", "third", "transgender":
            self = .other
        default:
            self = .unknown
        }
    }
}
