/// Jaro-Winkler similarity in millionths, the same integer on every machine.
///
/// M. A. Jaro, "Advances in record-linkage methodology as applied to matching the 1985 census of Tampa, Florida",
/// JASA 84 (1989), 414-420; W. E. Winkler, "String comparator metrics and enhanced decision rules in the
/// Fellegi-Sunter model", 1990: prefix of at most 4, scale 0.1, applied to every pair. Matching is bit-parallel: each
/// character of the text takes the lowest free position in its window. Budget: 30-50 ns for a pair of names.
enum JaroWinkler {
    /// One whole: identical texts.
    static let one = 1_000_000

    /// The similarity of a prepared pattern and a text, 0...1_000_000.
    ///
    /// - Parameters:
    ///   - table: filled by `PatternTable` from the pattern.
    ///   - pattern: the pattern itself.
    ///   - patternCount: its length, 0...32.
    ///   - text: the other text.
    ///   - textCount: its length, 0...32.
    /// - Returns: 0 where no character agrees, `one` for equal texts.
    @inline(__always)
    static func similarity(
        table: UnsafePointer<UInt32>,
        pattern: UnsafePointer<UInt8>,
        patternCount: Int,
        text: UnsafePointer<UInt8>,
        textCount: Int
    ) -> Int {
        guard patternCount > 0, textCount > 0 else { return patternCount == textCount ? one : 0 }
        let longer = max(patternCount, textCount)
        let reach = max(longer / 2 &- 1, 0)
        let patternAll = UInt32(truncatingIfNeeded: (UInt64(1) &<< UInt64(patternCount)) &- 1)
        var patternTaken: UInt32 = 0
        var textTaken: UInt32 = 0
        var index = 0
        while index < textCount {
            let low = max(index &- reach, 0)
            let high = index &+ reach
            var window = patternAll & (UInt32.max &<< UInt32(truncatingIfNeeded: min(low, 31)))
            if low > 31 { window = 0 }
            if high < 31 { window &= (UInt32(2) &<< UInt32(high)) &- 1 }
            let candidates = table[Int(text[index] & 0x7F)] & window & ~patternTaken
            if candidates != 0 {
                patternTaken |= candidates & (0 &- candidates)
                textTaken |= 1 &<< UInt32(index)
            }
            index &+= 1
        }
        let common = patternTaken.nonzeroBitCount
        guard common > 0 else { return 0 }
        var transposed = 0
        var patternRest = patternTaken
        var textRest = textTaken
        while textRest != 0 {
            let left = pattern[patternRest.trailingZeroBitCount] & 0x7F
            let right = text[textRest.trailingZeroBitCount] & 0x7F
            if left != right { transposed &+= 1 }
            patternRest &= patternRest &- 1
            textRest &= textRest &- 1
        }
        return winkler(jaro(common, transposed / 2, patternCount, textCount), pattern, patternCount, text, textCount)
    }

    /// (m/a + m/b + (m - t)/m) / 3 over the common denominator, so that neither order nor rounding of parts matters.
    @inline(__always)
    private static func jaro(_ common: Int, _ transpositions: Int, _ first: Int, _ second: Int) -> Int {
        let numerator =
            common &* common &* second &+ common &* common &* first
            &+ (common &- transpositions) &* first &* second
        return one &* numerator / (3 &* first &* second &* common)
    }

    @inline(__always)
    private static func winkler(
        _ jaro: Int,
        _ pattern: UnsafePointer<UInt8>,
        _ patternCount: Int,
        _ text: UnsafePointer<UInt8>,
        _ textCount: Int
    ) -> Int {
        let limit = min(4, min(patternCount, textCount))
        var prefix = 0
        while prefix < limit, (pattern[prefix] ^ text[prefix]) & 0x7F == 0 { prefix &+= 1 }
        return jaro &+ prefix &* (one &- jaro) / 10
    }
}
