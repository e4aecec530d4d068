/// Two words of names: how alike they are.
extension Comparison {
    /// Jaro-Winkler similarity, in millionths, from which two words are similar.
    static let similarThreshold = 880_000

    /// Two words of names.
    func wordSimilarity(_ leftWord: Int, _ rightWord: Int) -> TextSimilarity {
        let prefix = Comparison.namePrefix
        if equal(leftWord, rightWord, prefix: prefix) { return .exact }
        let leftLength = leftCount(leftWord, prefix: prefix)
        let rightLength = rightCount(rightWord, prefix: prefix)
        let first = leftText(leftWord, prefix: prefix)
        let second = rightText(rightWord, prefix: prefix)
        if leftLength == 1 || rightLength == 1 { return first[0] == second[0] ? .initial : .different }
        let shorter = min(leftLength, rightLength)
        let longer = max(leftLength, rightLength)
        let edits = distance(leftWord, rightWord, prefix: prefix)
        if edits == 1 && shorter > 2 || edits == 2 && longer > 7 { return .close }
        let group = first[-2] == second[-2] && first[-1] == second[-1] && (first[-2] | first[-1]) != 0
        if group { return .variant }
        let sound = first[-4] == second[-4] && first[-3] == second[-3] && first[-4] != 0
        if sound && shorter > 3 { return .similar }
        if shorter > 2, isPrefix(first, second, shorter) { return .similar }
        if edits &* 2 > longer {
            let contained =
                isSubsequence(first, leftLength, second, rightLength)
                || isSubsequence(second, rightLength, first, leftLength)
            return contained ? .remnant : .different
        }
        return jaroWinkler(leftWord, rightWord, prefix: prefix) >= Comparison.similarThreshold ? .similar : .remnant
    }

    /// True where the letters of the one stand in the other in order: what is left of a name that lost letters.
    private func isSubsequence(
        _ text: UnsafePointer<UInt8>,
        _ count: Int,
        _ whole: UnsafePointer<UInt8>,
        _ wholeCount: Int
    ) -> Bool {
        guard count <= wholeCount else { return false }
        var found = 0
        var index = 0
        while index < wholeCount, found < count {
            if whole[index] == text[found] { found &+= 1 }
            index &+= 1
        }
        return found == count
    }

    @inline(__always)
    private func isPrefix(_ first: UnsafePointer<UInt8>, _ second: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        var index = 0
        while index < count {
            if first[index] != second[index] { return false }
            index &+= 1
        }
        return true
    }
}
