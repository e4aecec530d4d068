/// A coarse code of how a name sounds, for finding candidates; equal codes do not mean equal names.
///
/// The idea is Soundex (Russell, US patent 1,261,167, 1918) made blind to the spelling habits that differ between
/// English, French, Portuguese and Bantu or Indic romanisations: digraphs count as one sound, `c k q`, `s z`, `f v ph`,
/// `i y j` fall together, vowels and `h` count only at the start, doubled sounds once. Five sounds are kept: fewer make
/// large blocks, more make every late typo a miss.
public enum NameSound {
    /// Sounds kept, the first included.
    static let length = 5

    /// The code of a word as bytes packed into an integer; 0 for an empty word.
    public static func code(_ word: Word) -> UInt64 {
        var code: UInt64 = 0
        var kept = 0
        var previous: UInt8 = 0
        var index = 0
        let count = word.count
        while index < count, kept < length {
            let (sound, step) = sound(word, at: index)
            index += step
            guard sound != 0 else {
                // A vowel parts two equal consonants, but `h` and `w` do not, as in Soundex.
                previous = 0
                continue
            }
            guard sound != 1, sound != previous else { continue }
            code = code &<< 8 | UInt64(sound)
            previous = sound
            kept += 1
        }
        return code
    }

    /// The first letter, letters that are written for one another counted as one; 0 for an empty word.
    public static func initial(_ word: Word) -> UInt64 {
        switch word[0] {
        case UInt8(ascii: "c"), UInt8(ascii: "q"): UInt64(UInt8(ascii: "k"))
        case UInt8(ascii: "z"): UInt64(UInt8(ascii: "s"))
        case UInt8(ascii: "v"): UInt64(UInt8(ascii: "f"))
        case UInt8(ascii: "p"): UInt64(UInt8(ascii: word[1] == UInt8(ascii: "h") ? "f" : "p"))
        case UInt8(ascii: "y"), UInt8(ascii: "j"): UInt64(UInt8(ascii: "i"))
        default: UInt64(word[0])
        }
    }

    /// One sound: 0 for a vowel inside the word, 1 for what is silent.
    private static func sound(_ word: Word, at index: Int) -> (UInt8, Int) {
        let letter = word[index]
        let next = word[index + 1]
        let initial = index == 0
        switch letter {
        case UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "o"), UInt8(ascii: "u"):
            return (initial ? UInt8(ascii: "a") : 0, 1)
        case UInt8(ascii: "i"), UInt8(ascii: "y"):
            return (initial ? UInt8(ascii: "i") : 0, 1)
        case UInt8(ascii: "j"):
            return (UInt8(ascii: "j"), 1)
        case UInt8(ascii: "d") where next == UInt8(ascii: "j"), UInt8(ascii: "d") where next == UInt8(ascii: "z"):
            // Djibril and Jibril, Dzimba and Zimba: French and Shona write what English and Swahili do not.
            return (next == UInt8(ascii: "j") ? UInt8(ascii: "j") : UInt8(ascii: "s"), 2)
        case UInt8(ascii: "t") where next == UInt8(ascii: "c") && word[index + 2] == UInt8(ascii: "h"):
            return (UInt8(ascii: "c"), 3)
        case UInt8(ascii: "g") where next == UInt8(ascii: "n") && !initial:
            // French and Italian `gn` is what Swahili writes `ny` and Portuguese `nh`.
            return (UInt8(ascii: "n"), 2)
        case UInt8(ascii: "h"):
            return (initial ? UInt8(ascii: "h") : 1, 1)
        case UInt8(ascii: "w"):
            return (initial ? UInt8(ascii: "w") : 1, 1)
        case UInt8(ascii: "c"):
            if next == UInt8(ascii: "h") { return (UInt8(ascii: "c"), 2) }
            let soft = next == UInt8(ascii: "e") || next == UInt8(ascii: "i") || next == UInt8(ascii: "y")
            return (UInt8(ascii: soft ? "s" : "k"), 1)
        case UInt8(ascii: "k"), UInt8(ascii: "q"), UInt8(ascii: "x"):
            return (UInt8(ascii: "k"), next == UInt8(ascii: "h") ? 2 : 1)
        case UInt8(ascii: "s"), UInt8(ascii: "z"):
            return (UInt8(ascii: "s"), next == UInt8(ascii: "h") ? 2 : 1)
        case UInt8(ascii: "p"):
            return next == UInt8(ascii: "h") ? (UInt8(ascii: "f"), 2) : (UInt8(ascii: "p"), 1)
        case UInt8(ascii: "f"), UInt8(ascii: "v"):
            return (UInt8(ascii: "f"), 1)
        case UInt8(ascii: "d"), UInt8(ascii: "t"):
            return (UInt8(ascii: "t"), next == UInt8(ascii: "h") ? 2 : 1)
        case UInt8(ascii: "g"), UInt8(ascii: "b"), UInt8(ascii: "r"), UInt8(ascii: "l"):
            return (letter, next == UInt8(ascii: "h") ? 2 : 1)
        case UInt8(ascii: "m"), UInt8(ascii: "n"):
            return (UInt8(ascii: "n"), 1)
        default:
            return (letter, 1)
        }
    }
}
