/// Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours, none overlapping.
///
/// Bit-parallel by H. Hyyrö, "A bit-vector algorithm for computing Levenshtein and Damerau edit distances", Nordic
/// Journal of Computing 10 (2003), 29-39. Budget: 15-25 ns for a pair of names with the pattern prepared.
enum OSADistance {
    /// The distance between a prepared pattern and a text.
    ///
    /// - Parameters:
    ///   - table: filled by `PatternTable` from the pattern.
    ///   - patternCount: its length, 0...32.
    ///   - text: the other text.
    ///   - textCount: its length.
    /// - Returns: the number of edits.
    @inline(__always)
    static func distance(
        table: UnsafePointer<UInt32>,
        patternCount: Int,
        text: UnsafePointer<UInt8>,
        textCount: Int
    ) -> Int {
        distance(table: table, patternCount: patternCount, textCount: textCount) { text[$0] }
    }

    /// The same for a text whose bytes are given one by one.
    @inline(__always)
    static func distance(
        table: UnsafePointer<UInt32>,
        patternCount: Int,
        textCount: Int,
        byte: (Int) -> UInt8
    ) -> Int {
        guard patternCount > 0 else { return textCount }
        guard textCount > 0 else { return patternCount }
        var positive: UInt32 = .max
        var negative: UInt32 = 0
        var diagonal: UInt32 = 0
        var previousMatches: UInt32 = 0
        var distance = patternCount
        let last: UInt32 = 1 &<< UInt32(patternCount &- 1)
        var index = 0
        while index < textCount {
            let matches = table[Int(byte(index) & 0x7F)]
            let transposed = (((~diagonal) & matches) &<< 1) & previousMatches
            diagonal = (((matches & positive) &+ positive) ^ positive) | matches | negative | transposed
            var horizontalPositive = negative | ~(diagonal | positive)
            let horizontalNegative = diagonal & positive
            if horizontalPositive & last != 0 { distance &+= 1 }
            if horizontalNegative & last != 0 { distance &-= 1 }
            horizontalPositive = horizontalPositive &<< 1 | 1
            positive = (horizontalNegative &<< 1) | ~(diagonal | horizontalPositive)
            negative = horizontalPositive & diagonal
            previousMatches = matches
            index &+= 1
        }
        return distance
    }
}
