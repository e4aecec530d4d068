/// Letters of other scripts in Latin ones, so that a name in its own script meets its romanisation.
///
/// One letter at a time and without its context: good enough for the coarse codes that find candidates and for names
/// that are written in one script throughout. Written for Tessera after the usual romanisations.
enum Transliteration {
    /// The Latin letters of a scalar; empty for a sign that has none, `nil` for a script that is not known.
    static func latin(_ scalar: UInt32) -> StaticString? {
        switch scalar {
        case 0x0391...0x03CE: at(scalar, 0x0391, greek)
        case 0x0410...0x045F: at(scalar, 0x0410, cyrillic)
        case 0x0621...0x0652: at(scalar, 0x0621, arabic)
        case 0x0905...0x094D: at(scalar, 0x0905, devanagari)
        default: nil
        }
    }

    /// The consonant and the vowel of an Ethiopic syllable.
    static func ethiopic(_ scalar: UInt32) -> (consonant: StaticString, vowel: StaticString)? {
        guard (0x1200...0x1357).contains(scalar) else { return nil }
        let row = Int(scalar - 0x1200) / 8
        let order = Int(scalar - 0x1200) % 8
        // The rows of the glottal stop and the ayn are vowels alone.
        let isVowel = rows[row].utf8CodeUnitCount == 0
        return (rows[row], isVowel ? bareVowels[order] : vowels[order])
    }

    private static func at(_ scalar: UInt32, _ first: UInt32, _ table: [StaticString]) -> StaticString? {
        let index = Int(scalar - first)
        return index < table.count ? table[index] : nil
    }

    private static let greek: [StaticString] = [
        "a", "v", "g", "d", "e", "z", "i", "th", "i", "k", "l", "m", "n", "x", "o", "p", "r", "", "s", "t", "y", "f",
        "ch", "ps", "o", "i", "y", "a", "e", "i", "i", "y", "a", "v", "g", "d", "e", "z", "i", "th", "i", "k", "l", "m",
        "n", "x", "o", "p", "r", "s", "s", "t", "y", "f", "ch", "ps", "o", "i", "y", "o", "y", "o",
    ]

    private static let cyrillicLetters: [StaticString] = [
        "a", "b", "v", "g", "d", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "kh",
        "ts", "ch", "sh", "shch", "", "y", "", "e", "yu", "ya",
    ]

    private static let cyrillic: [StaticString] =
        cyrillicLetters + cyrillicLetters + [
            "e", "e", "dj", "g", "ye", "dz", "i", "yi", "j", "lj", "nj", "c", "k", "i", "u", "dz",
        ]

    private static let arabic: [StaticString] = [
        "", "a", "a", "w", "i", "y", "a", "b", "a", "t", "th", "j", "h", "kh", "d", "dh", "r", "z", "s", "sh", "s", "d",
        "t", "z", "a", "gh", "", "", "", "", "", "", "f", "q", "k", "l", "m", "n", "h", "w", "a", "y", "", "", "", "a",
        "u", "i", "", "",
    ]

    private static let devanagari: [StaticString] = [
        "a", "a", "i", "i", "u", "u", "ri", "li", "e", "e", "e", "ai", "o", "o", "o", "au", "k", "kh", "g", "gh", "n",
        "ch", "chh", "j", "jh", "n", "t", "th", "d", "dh", "n", "t", "th", "d", "dh", "n", "n", "p", "ph", "b", "bh",
        "m", "y", "r", "r", "l", "l", "l", "v", "sh", "sh", "s", "h", "", "", "", "", "a", "i", "i", "u", "u", "ri",
        "ri", "e", "e", "e", "ai", "o", "o", "o", "au", "",
    ]

    private static let vowels: [StaticString] = ["e", "u", "i", "a", "e", "", "o", "wa"]

    private static let bareVowels: [StaticString] = ["a", "u", "i", "a", "e", "e", "o", "a"]

    private static let rows: [StaticString] = [
        "h", "l", "h", "m", "s", "r", "s", "sh", "k", "k", "k", "k", "b", "v", "t", "ch", "h", "h", "n", "ny", "", "k",
        "k", "h", "h", "w", "", "z", "zh", "y", "d", "d", "j", "g", "g", "g", "t", "ch", "p", "ts", "ts", "f", "p",
    ]
}
