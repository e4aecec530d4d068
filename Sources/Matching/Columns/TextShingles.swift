/// Texts as sets of pieces of three bytes: the similarities that are made of them.
extension TextMeasures {
    /// Bytes of a piece, as is usual elsewhere.
    private static let piece = 3

    private static func profile(_ text: [UInt8], _ length: Int) -> [[UInt8]: Int] {
        var counts: [[UInt8]: Int] = [:]
        guard text.count >= length else { return counts }
        for start in 0...(min(text.count, limit) - length) {
            counts[Array(text[start..<start + length]), default: 0] += 1
        }
        return counts
    }

    /// Cosine, Dice and Jaccard of two texts; equal texts are 1, and a text too short for a piece is 0 against others.
    static func shingles(_ first: [UInt8], _ second: [UInt8]) -> (cosine: Double, dice: Double, jaccard: Double) {
        if first == second { return (1, 1, 1) }
        let left = profile(first, piece)
        let right = profile(second, piece)
        guard !left.isEmpty, !right.isEmpty else { return (0, 0, 0) }
        let product = left.reduce(0) { $0 + $1.value * (right[$1.key] ?? 0) }
        let norms = left.values.reduce(0) { $0 + $1 * $1 } * right.values.reduce(0) { $0 + $1 * $1 }
        let shared = Double(left.keys.count { right[$0] != nil })
        let all = Double(left.count + right.count)
        return (Double(product) / Double(norms).squareRoot(), 2 * shared / all, shared / (all - shared))
    }

    /// Sum of the differences of counts (Ukkonen 1992).
    static func qgramDistance(_ first: [UInt8], _ second: [UInt8]) -> Double {
        let left = profile(first, piece)
        let right = profile(second, piece)
        let mine = left.reduce(0) { $0 + Swift.abs($1.value - (right[$1.key] ?? 0)) }
        return Double(right.reduce(mine) { $0 + (left[$1.key] == nil ? $1.value : 0) })
    }

    /// N-gram distance with pieces of two bytes, 0...1 (Kondrak 2005).
    static func ngramDistance(_ first: [UInt8], _ second: [UInt8]) -> Double {
        let (left, right) = (Array(first.prefix(limit)), Array(second.prefix(limit)))
        if left == right { return 0 }
        guard !left.isEmpty, !right.isEmpty else { return 1 }
        // The byte before the first is one that no text has, and agrees with nothing but itself.
        func pair(_ text: [UInt8], _ index: Int) -> (UInt8, UInt8) { (index > 0 ? text[index - 1] : 0, text[index]) }
        var row = (0...right.count).map(Double.init)
        for index in left.indices {
            var diagonal = row[0]
            row[0] = Double(index + 1)
            for column in right.indices {
                let (mine, theirs) = (pair(left, index), pair(right, column))
                let isStart = index == 0 && column == 0
                let wrong = (mine.0 == theirs.0 || isStart ? 0.0 : 1.0) + (mine.1 == theirs.1 ? 0 : 1)
                let cost = min(row[column] + 1, row[column + 1] + 1, diagonal + wrong / 2)
                diagonal = row[column + 1]
                row[column + 1] = cost
            }
        }
        return row[right.count] / Double(max(left.count, right.count))
    }
}
