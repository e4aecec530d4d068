import Demographics

/// One word of a name as a sketch holds it: all its letters, and digests of what they are compared by besides.
struct SketchName {
    /// Most letters: 5 bits each leave four bits of a word.
    static let limit = 12

    /// 5 bits a letter, the first in the lowest.
    let letters: UInt64
    let count: UInt8
    /// 0 where the word has no sound.
    let sound: UInt8
    /// 0 where the word has no variants.
    let variants: UInt8

    init(letters: UInt64, sound: UInt8, variants: UInt8) {
        self.letters = letters & (1 &<< 60 - 1)
        // No letter is 0, so the last one has the highest bit.
        count = UInt8(truncatingIfNeeded: (68 &- self.letters.leadingZeroBitCount) / 5)
        self.sound = sound
        self.variants = variants
    }

    /// Holds a name part, where it is one word of letters a to z that is not too long.
    init?(_ words: [Word]) {
        guard words.count == 1, let word = words.first, (1...SketchName.limit).contains(word.count) else { return nil }
        var letters: UInt64 = 0
        for index in 0..<word.count {
            guard (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(word[index]) else { return nil }
            letters |= UInt64(word[index] & 0x1F) &<< UInt64(5 * index)
        }
        let sound = FeatureRow.sound(word)
        let group = NameVariants.group(word)
        self.init(
            letters: letters,
            sound: sound == 0 ? 0 : UInt8(1 + (sound &>> 1) % 255),
            variants: group == 0 ? 0 : UInt8(1 + group % 7)
        )
    }

    /// A letter as it stands in a row.
    @inline(__always)
    subscript(index: Int) -> UInt8 { 0x60 | UInt8(truncatingIfNeeded: letters &>> UInt64(5 &* index) & 0x1F) }

    /// The letters in classes of 16, as `Sketch.middle` has them.
    var classes: UInt16 {
        var set: UInt16 = 0
        for index in 0..<Int(count) { set |= 1 &<< UInt16(self[index] & 0x0F) }
        return set
    }

    /// True where the shorter word is how the longer begins.
    @inline(__always)
    func sharesStart(_ other: SketchName) -> Bool {
        let shorter = UInt64(min(count, other.count))
        return (letters ^ other.letters) & (1 &<< (5 &* shorter) &- 1) == 0
    }

    /// True where the other word's letters stand in this one in order.
    @inline(__always)
    func contains(_ other: SketchName) -> Bool {
        guard other.count <= count else { return false }
        var found = 0
        var index = 0
        while index < Int(count), found < Int(other.count) {
            if self[index] == other[found] { found &+= 1 }
            index &+= 1
        }
        return found == Int(other.count)
    }
}
