/// Folds text to lower-case ASCII words without diacritics.
///
/// Latin letters with marks lose them (NFKD, Unicode 15, tabled for U+00C0...U+024F and U+1E00...U+1EFF); combining
/// marks and apostrophes vanish, so `O'Brien` and `OBrien` agree; everything else that is no letter and no digit
/// parts words. Letters of other scripts stay as their UTF-8 bytes.
public enum TextFolding {
    /// Most words kept of one text: names and addresses that go on are noise or attacks.
    public static let wordLimit = 16

    /// Splits a text into folded words and appends them.
    ///
    /// - Parameters:
    ///   - text: what a source wrote; any length, read only as far as `wordLimit` words.
    ///   - words: receives at most `wordLimit` words in order.
    public static func words(of text: String, into words: inout [Word]) {
        var copy = text
        copy.withUTF8 { fold($0, into: &words) }
    }

    /// The folded words of a text.
    public static func words(of text: String) -> [Word] {
        var result = [Word]()
        words(of: text, into: &result)
        return result
    }

    /// All letters and digits of a text in one word, without gaps.
    public static func joined(_ text: String) -> Word {
        var result = Word()
        for word in words(of: text) { result.append(word) }
        return result
    }

    private static func fold(_ text: UnsafeBufferPointer<UInt8>, into words: inout [Word]) {
        var word = Word()
        var taken = 0
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte < 0x80 {
                index += 1
                let folded = ascii[Int(byte)]
                if folded > 1 {
                    word.append(folded)
                } else if folded == 0, !word.isEmpty {
                    words.append(word)
                    word = Word()
                    taken += 1
                    if taken == wordLimit { return }
                }
            } else {
                index += foldScalar(text, at: index, into: &word, words: &words, taken: &taken)
                if taken == wordLimit { return }
            }
        }
        if !word.isEmpty { words.append(word) }
    }

    /// 0 parts words, 1 vanishes, anything else is the folded byte.
    private static let ascii: InlineArray<128, UInt8> = InlineArray { index in
        switch UInt8(index) {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt8(index) + 32
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): UInt8(index)
        case UInt8(ascii: "'"), UInt8(ascii: "`"): 1
        default: 0
        }
    }

    private static func foldScalar(
        _ text: UnsafeBufferPointer<UInt8>,
        at index: Int,
        into word: inout Word,
        words: inout [Word],
        taken: inout Int
    ) -> Int {
        let (scalar, length) = decode(text, at: index)
        switch scalar {
        case 0x300...0x36F, 0x2B0...0x2FF, 0x2018...0x201B, 0x2032, 0xB4, 0x200B...0x200F, 0xFEFF, 0xAD:
            return length
        case 0xC0...0x24F, 0x1E00...0x1EFF:
            let letter = latinLetter(scalar)
            if letter != UInt8(ascii: "-") {
                word.append(letter)
                if let second = secondLetter(scalar) { word.append(second) }
                return length
            }
        case 0x80...0xBF, 0x2000...0x206F, 0x3000...0x303F, 0xFF01...0xFF0F, 0xFFFD:
            if !word.isEmpty {
                words.append(word)
                word = Word()
                taken += 1
            }
            return length
        case 0x1200...0x1357:
            if let (consonant, vowel) = Transliteration.ethiopic(scalar) {
                append(consonant, to: &word)
                append(vowel, to: &word)
                return length
            }
        default:
            if let latin = Transliteration.latin(scalar) {
                append(latin, to: &word)
                return length
            }
        }
        for offset in 0..<length { word.append(text[index + offset]) }
        return length
    }

    private static func append(_ letters: StaticString, to word: inout Word) {
        for index in 0..<letters.utf8CodeUnitCount { word.append(letters.utf8Start[index]) }
    }

    /// Decodes one scalar; broken bytes count as U+FFFD of length 1.
    private static func decode(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> (scalar: UInt32, length: Int) {
        let first = UInt32(text[index])
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1
        guard length > 1, index + length <= text.count else { return (0xFFFD, 1) }
        var scalar = first & (0xFF &>> UInt32(length + 1))
        for offset in 1..<length { scalar = scalar &<< 6 | UInt32(text[index + offset] & 0x3F) }
        return (scalar, length)
    }

    private static func latinLetter(_ scalar: UInt32) -> UInt8 {
        scalar < 0x1E00
            ? latin.utf8Start[Int(scalar - 0xC0)]
            : latinAdditional.utf8Start[Int(scalar - 0x1E00)]
    }

    private static func secondLetter(_ scalar: UInt32) -> UInt8? {
        switch scalar {
        case 0xC6, 0xE6, 0x152, 0x153: UInt8(ascii: "e")
        case 0xDF, 0x1E9E: UInt8(ascii: "s")
        case 0xDE, 0xFE: UInt8(ascii: "h")
        case 0x132, 0x133, 0x1C7...0x1CC: UInt8(ascii: "j")
        case 0x1C4...0x1C6, 0x1F1...0x1F3: UInt8(ascii: "z")
        default: nil
        }
    }

    // One letter for each scalar from U+00C0 on; "-" where it is no Latin letter.
    private static let latin: StaticString = """
        aaaaaaaceeeeiiiidnooooo-ouuuuytsaaaaaaaceeeeiiiidnooooo-ouuuuytyaaaaaaccccccccddddeeeeeeeeeegggg\
        gggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs\
        bbbb--occdddd-eeeffgg--ikkl--nnooo--pp-----ttttuu-vyyzz--------- ---dddlllnnnaaiioouuuuuuuuuueaa\
        aa----ggkkoooo--jdddgg--nnaa----aaaaeeeeiiiioooorrrruuuusstt--hh------aaeeooooooooyy------------\
        ----------------
        """

    // The same from U+1E00 on.
    private static let latinAdditional: StaticString = """
        aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppprrrrrrrr\
        ssssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwyas--s-aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee\
        eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy------
        """
}
