/// Addresses, places and the mother's name: what a household shares.
extension Comparison {
    @inline(__always)
    func addressLevel() -> ComparisonLevel? {
        var best: ComparisonLevel?
        let leftAddresses = left.pointee.addressCount
        let rightAddresses = right.pointee.addressCount
        var leftItem = 0
        while leftItem < leftAddresses {
            var rightItem = 0
            while rightItem < rightAddresses {
                if left.pointee.count(.street, leftItem) > 0, right.pointee.count(.street, rightItem) > 0 {
                    best = Comparison.better(best, addressLevel(leftItem, rightItem))
                }
                rightItem &+= 1
            }
            leftItem &+= 1
        }
        return best
    }

    /// One pair of lines: whole, then number by number and word by word.
    private func addressLevel(_ leftItem: Int, _ rightItem: Int) -> ComparisonLevel {
        let leftLine = left.pointee.index(.street, leftItem)
        let rightLine = right.pointee.index(.street, rightItem)
        if equal(leftLine, rightLine, prefix: 0) { return .addressExact }
        let longer = max(leftCount(leftLine, prefix: 0), rightCount(rightLine, prefix: 0))
        let edits = distance(leftLine, rightLine, prefix: 0)
        if longer > 5, edits <= 2 &+ longer / 12 { return .addressClose }
        let numbers = numbersAgree(leftItem, rightItem)
        let leftWords = left.pointee.count(.street, leftItem) &- 1
        let rightWords = right.pointee.count(.street, rightItem) &- 1
        let common = commonWords(leftLine &+ 1, leftWords, rightLine &+ 1, rightWords)
        // Dice's coefficient in hundredths, and the share of the shorter line that is found in the longer.
        let total = leftWords &+ rightWords
        let dice = total == 0 ? 0 : 200 &* common / total
        if numbers, dice >= 60 { return .addressClose }
        if numbers, common > 0 || edits &* 3 <= longer { return .addressPart }
        if dice >= 99 || (dice >= 66 && common > 1) { return .addressStreet }
        if numbers { return .addressNumber }
        return .addressDifferent
    }

    @inline(__always)
    private func numbersAgree(_ leftItem: Int, _ rightItem: Int) -> Bool {
        let leftEnd = left.pointee.index(.number, leftItem) &+ left.pointee.count(.number, leftItem)
        let rightEnd = right.pointee.index(.number, rightItem) &+ right.pointee.count(.number, rightItem)
        var leftIndex = left.pointee.index(.number, leftItem)
        while leftIndex < leftEnd {
            var rightIndex = right.pointee.index(.number, rightItem)
            while rightIndex < rightEnd {
                if equal(leftIndex, rightIndex, prefix: 0) { return true }
                rightIndex &+= 1
            }
            leftIndex &+= 1
        }
        return false
    }

    /// Words of the one line that stand in the other, one typo forgiven in words of five letters and more: the lesser
    /// of the two directions, so that the order of the pair does not matter.
    private func commonWords(_ leftStart: Int, _ leftWords: Int, _ rightStart: Int, _ rightWords: Int) -> Int {
        var leftFound: UInt32 = 0
        var rightFound: UInt32 = 0
        var leftWord = 0
        while leftWord < leftWords {
            var rightWord = 0
            while rightWord < rightWords {
                if sameWord(leftStart &+ leftWord, rightStart &+ rightWord) {
                    leftFound |= 1 &<< UInt32(leftWord)
                    rightFound |= 1 &<< UInt32(rightWord)
                }
                rightWord &+= 1
            }
            leftWord &+= 1
        }
        return min(leftFound.nonzeroBitCount, rightFound.nonzeroBitCount)
    }

    @inline(__always)
    private func sameWord(_ leftIndex: Int, _ rightIndex: Int) -> Bool {
        if equal(leftIndex, rightIndex, prefix: 0) { return true }
        let leftLength = leftCount(leftIndex, prefix: 0)
        let rightLength = rightCount(rightIndex, prefix: 0)
        guard min(leftLength, rightLength) > 3, leftLength &- rightLength < 2, rightLength &- leftLength < 2 else {
            return false
        }
        return distance(leftIndex, rightIndex, prefix: 0) == 1
    }

    @inline(__always)
    func placeLevel() -> ComparisonLevel? {
        var best: ComparisonLevel?
        let leftAddresses = left.pointee.addressCount
        let rightAddresses = right.pointee.addressCount
        var leftItem = 0
        while leftItem < leftAddresses {
            var rightItem = 0
            while rightItem < rightAddresses {
                best = Comparison.better(best, placeLevel(leftItem, rightItem))
                rightItem &+= 1
            }
            leftItem &+= 1
        }
        return best
    }

    @inline(__always)
    private func placeLevel(_ leftItem: Int, _ rightItem: Int) -> ComparisonLevel? {
        let postal = textAgreement(.postal, leftItem, rightItem)
        let city = textAgreement(.city, leftItem, rightItem)
        let district = textAgreement(.district, leftItem, rightItem)
        if postal == 0, city == 0 { return .placeExact }
        if postal == 0 { return .placePostal }
        if city == 0 { return .placeCity }
        if city == 1 || postal == 1 { return .placeClose }
        if district == 0 { return .placeDistrict }
        return postal == nil && city == nil && district == nil ? nil : .placeDifferent
    }

    /// 0 equal, 1 one or two typos, 2 different, `nil` missing.
    @inline(__always)
    private func textAgreement(_ tag: FeatureTag, _ leftItem: Int, _ rightItem: Int) -> Int? {
        guard left.pointee.count(tag, leftItem) > 0, right.pointee.count(tag, rightItem) > 0 else { return nil }
        let leftIndex = left.pointee.index(tag, leftItem)
        let rightIndex = right.pointee.index(tag, rightItem)
        if equal(leftIndex, rightIndex, prefix: 0) { return 0 }
        let longer = max(leftCount(leftIndex, prefix: 0), rightCount(rightIndex, prefix: 0))
        let edits = distance(leftIndex, rightIndex, prefix: 0)
        return edits <= 2 && edits &* 4 <= longer ? 1 : 2
    }

    /// The mother's name in any order of its words.
    @inline(__always)
    func motherLevel() -> ComparisonLevel? {
        let leftWords = left.pointee.count(.mother)
        let rightWords = right.pointee.count(.mother)
        guard leftWords > 0, rightWords > 0 else { return nil }
        let leftStart = left.pointee.index(.mother)
        let rightStart = right.pointee.index(.mother)
        let whole = wordSimilarity(leftStart, rightStart)
        if whole == .exact { return .motherExact }
        if whole == .close { return .motherClose }
        let leftSingle = leftWords == 1 ? 0 : 1
        let rightSingle = rightWords == 1 ? 0 : 1
        let exact = motherWords(
            leftStart &+ leftSingle,
            leftWords &- leftSingle,
            rightStart &+ rightSingle,
            rightWords &- rightSingle
        )
        let fewer = min(leftWords &- leftSingle, rightWords &- rightSingle)
        if exact == fewer, fewer > 1 { return .motherClose }
        if exact > 0 { return .motherPart }
        return .motherDifferent
    }

    @inline(__always)
    private func motherWords(_ leftStart: Int, _ leftWords: Int, _ rightStart: Int, _ rightWords: Int) -> Int {
        var leftFound: UInt32 = 0
        var rightFound: UInt32 = 0
        var leftWord = 0
        while leftWord < leftWords {
            var rightWord = 0
            while rightWord < rightWords {
                if wordSimilarity(leftStart &+ leftWord, rightStart &+ rightWord) >= .close {
                    leftFound |= 1 &<< UInt32(leftWord)
                    rightFound |= 1 &<< UInt32(rightWord)
                }
                rightWord &+= 1
            }
            leftWord &+= 1
        }
        return min(leftFound.nonzeroBitCount, rightFound.nonzeroBitCount)
    }
}
