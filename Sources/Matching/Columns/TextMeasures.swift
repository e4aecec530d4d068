/// Distances and similarities of texts as other systems define them, for rules that come from there.
///
/// They work on bytes of UTF-8 and cost the product of both lengths; texts are cut at `limit` bytes. Scoring by
/// Tessera's own rules uses `JaroWinkler` and `OSADistance` instead.
enum TextMeasures {
    /// Longest compared text in bytes: a name or an address, not a letter.
    static let limit = 256

    private static func cut(_ text: [UInt8]) -> [UInt8] { text.count > limit ? Array(text.prefix(limit)) : text }

    /// Without blanks at both ends.
    static func trimmed(_ text: String) -> String {
        let front = text.drop { $0.isWhitespace }
        guard let last = front.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(front[...last])
    }

    /// Least insertions, deletions and substitutions (Levenshtein 1966).
    static func levenshtein(_ first: [UInt8], _ second: [UInt8]) -> Int {
        let (left, right) = (cut(first), cut(second))
        var row = Array(0...right.count)
        for (index, byte) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (column, other) in right.enumerated() {
                let cost = min(row[column] + 1, row[column + 1] + 1, diagonal + (byte == other ? 0 : 1))
                diagonal = row[column + 1]
                row[column + 1] = cost
            }
        }
        return row[right.count]
    }

    /// With swaps of neighbours, between which nothing else may change.
    static func restrictedDamerau(_ first: [UInt8], _ second: [UInt8]) -> Int {
        let (left, right) = (cut(first), cut(second))
        var older = [Int](repeating: 0, count: right.count + 1)
        var row = Array(0...right.count)
        for index in left.indices {
            var next = [Int](repeating: index + 1, count: right.count + 1)
            for column in right.indices {
                let isEqual = left[index] == right[column]
                var cost = min(next[column] + 1, row[column + 1] + 1, row[column] + (isEqual ? 0 : 1))
                if index > 0, column > 0, left[index] == right[column - 1], left[index - 1] == right[column] {
                    cost = min(cost, older[column - 1] + 1)
                }
                next[column + 1] = cost
            }
            older = row
            row = next
        }
        return row[right.count]
    }

    /// With swaps of neighbours, between which more may change (Damerau 1964; Lowrance and Wagner 1975).
    static func damerau(_ first: [UInt8], _ second: [UInt8]) -> Int {
        let (left, right) = (cut(first), cut(second))
        let width = right.count + 2
        let most = left.count + right.count
        var table = [Int](repeating: 0, count: (left.count + 2) * width)
        table[0] = most
        for index in 0...left.count {
            table[(index + 1) * width] = most
            table[(index + 1) * width + 1] = index
        }
        for column in 0...right.count {
            table[column + 1] = most
            table[width + column + 1] = column
        }
        var lastRow = [Int](repeating: 0, count: 256)
        for index in 1...max(1, left.count) where !left.isEmpty {
            var lastColumn = 0
            for column in 1...max(1, right.count) where !right.isEmpty {
                let row = lastRow[Int(right[column - 1])]
                let match = lastColumn
                let isEqual = left[index - 1] == right[column - 1]
                if isEqual { lastColumn = column }
                let swap = table[row * width + match] + (index - row - 1) + 1 + (column - match - 1)
                table[(index + 1) * width + column + 1] = min(
                    table[index * width + column] + (isEqual ? 0 : 1),
                    table[(index + 1) * width + column] + 1,
                    table[index * width + column + 1] + 1,
                    swap
                )
            }
            lastRow[Int(left[index - 1])] = index
        }
        return table[(left.count + 1) * width + right.count + 1]
    }

    /// Length of the longest common subsequence.
    static func commonSubsequence(_ first: [UInt8], _ second: [UInt8]) -> Int {
        let (left, right) = (cut(first), cut(second))
        var row = [Int](repeating: 0, count: right.count + 1)
        for byte in left {
            var diagonal = 0
            for (column, other) in right.enumerated() {
                let above = row[column + 1]
                row[column + 1] = byte == other ? diagonal + 1 : max(above, row[column])
                diagonal = above
            }
        }
        return row[right.count]
    }

    /// The longest common subsequence as a share of the longer text; 1 for two empty ones.
    static func commonShare(_ first: [UInt8], _ second: [UInt8]) -> Double {
        let longest = max(cut(first).count, cut(second).count)
        return longest == 0 ? 1 : Double(commonSubsequence(first, second)) / Double(longest)
    }

    /// 1 less the Levenshtein distance as a share of the longer text; 1 for two empty ones.
    static func normalizedLevenshtein(_ first: [UInt8], _ second: [UInt8]) -> Double {
        let longest = max(cut(first).count, cut(second).count)
        return longest == 0 ? 1 : 1 - Double(levenshtein(first, second)) / Double(longest)
    }

    /// Matching bytes within half the longer text, and transpositions (Jaro 1989).
    static func jaro(_ first: [UInt8], _ second: [UInt8]) -> Double {
        let (left, right) = (cut(first), cut(second))
        if left.isEmpty || right.isEmpty { return left.isEmpty && right.isEmpty ? 1 : 0 }
        let reach = max(0, max(left.count, right.count) / 2 - 1)
        var taken = [Bool](repeating: false, count: right.count)
        var matchedLeft: [UInt8] = []
        for (index, byte) in left.enumerated() {
            let start = max(0, index - reach)
            let range = start..<max(start, min(right.count, index + reach + 1))
            guard let place = range.first(where: { !taken[$0] && right[$0] == byte }) else { continue }
            taken[place] = true
            matchedLeft.append(byte)
        }
        guard !matchedLeft.isEmpty else { return 0 }
        let matchedRight = right.indices.filter { taken[$0] }.map { right[$0] }
        let matches = Double(matchedLeft.count)
        let swapped = Double(zip(matchedLeft, matchedRight).count { $0 != $1 } / 2)
        return (matches / Double(left.count) + matches / Double(right.count) + (matches - swapped) / matches) / 3
    }

    /// Jaro with a bonus for up to four equal first bytes, above 0.7 (Winkler 1990).
    static func jaroWinkler(_ first: [UInt8], _ second: [UInt8]) -> Double {
        let similarity = jaro(first, second)
        guard similarity > 0.7 else { return similarity }
        let prefix = zip(first, second).prefix(4).prefix { $0 == $1 }.count
        return similarity + Double(prefix) * 0.1 * (1 - similarity)
    }

    /// The variant whose bonus counts every equal first byte, by a tenth or less, as OpenCR's scoring has it.
    static func longJaroWinkler(_ first: [UInt8], _ second: [UInt8]) -> Double {
        let similarity = jaro(first, second)
        guard similarity >= 0.7 else { return similarity }
        let longest = Double(max(first.count, second.count, 1))
        let prefix = Double(zip(first, second).prefix { $0 == $1 }.count)
        return similarity + min(0.1, 1 / longest) * prefix * (1 - similarity)
    }

    /// Shared elements as a share of all; 1 for two empty sets.
    static func jaccard<Element>(_ first: Set<Element>, _ second: Set<Element>) -> Double {
        let all = first.union(second).count
        return all == 0 ? 1 : Double(first.intersection(second).count) / Double(all)
    }
}
