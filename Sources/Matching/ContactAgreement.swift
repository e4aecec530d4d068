/// Identifiers, phones and e-mail addresses: the best pairing of what the two records have.
extension Comparison {
    /// Bytes before an identifier: `IdentifierPrefix`.
    static let identifierPrefix = 4

    /// Different authorities' values, and those of kinds that are issued again, say nothing unless they agree.
    @inline(__always)
    func identifierLevel() -> ComparisonLevel? {
        var best: ComparisonLevel?
        var leftItem = 0
        while leftItem < 4, left.pointee.count(.identifier, leftItem) > 0 {
            var rightItem = 0
            while rightItem < 4, right.pointee.count(.identifier, rightItem) > 0 {
                best = Comparison.better(
                    best,
                    identifierLevel(
                        left.pointee.index(.identifier, leftItem),
                        right.pointee.index(.identifier, rightItem)
                    )
                )
                rightItem &+= 1
            }
            leftItem &+= 1
        }
        return best
    }

    @inline(__always)
    private func identifierLevel(_ leftIndex: Int, _ rightIndex: Int) -> ComparisonLevel? {
        let prefix = Comparison.identifierPrefix
        let left = leftText(leftIndex, prefix: prefix)
        let right = rightText(rightIndex, prefix: prefix)
        let first = IdentifierPrefix(left[-4], left[-3], left[-2], left[-1])
        let second = IdentifierPrefix(right[-4], right[-3], right[-2], right[-1])
        let isOfOneAuthority = first.isOfOneAuthority(second)
        if equal(leftIndex, rightIndex, prefix: prefix) {
            // Clinics count their files from one: equal numbers of two of them are chance.
            let isChance = !isOfOneAuthority && first.isOfFacility && second.isOfFacility
            return isChance ? nil : .identifierExact
        }
        guard isOfOneAuthority, first.isUnique(identifiers), second.isUnique(identifiers) else { return nil }
        let longer = max(leftCount(leftIndex, prefix: prefix), rightCount(rightIndex, prefix: prefix))
        let edits = distance(leftIndex, rightIndex, prefix: prefix)
        if edits == 1, longer > 5 { return .identifierClose }
        if edits <= 3, edits &* 4 <= longer { return .identifierSimilar }
        return .identifierDifferent
    }

    @inline(__always)
    func phoneLevel() -> ComparisonLevel? {
        var best: ComparisonLevel?
        var leftItem = 0
        while leftItem < 4, left.pointee.count(.phone, leftItem) > 0 {
            var rightItem = 0
            while rightItem < 4, right.pointee.count(.phone, rightItem) > 0 {
                best = Comparison.better(
                    best,
                    phoneLevel(left.pointee.index(.phone, leftItem), right.pointee.index(.phone, rightItem))
                )
                rightItem &+= 1
            }
            leftItem &+= 1
        }
        return best
    }

    @inline(__always)
    private func phoneLevel(_ leftIndex: Int, _ rightIndex: Int) -> ComparisonLevel {
        if equal(leftIndex, rightIndex, prefix: 0) { return .phoneExact }
        let edits = distance(leftIndex, rightIndex, prefix: 0)
        let longer = max(leftCount(leftIndex, prefix: 0), rightCount(rightIndex, prefix: 0))
        if edits == 1 || (edits == 2 && longer > 11) { return .phoneClose }
        let shorter = min(leftCount(leftIndex, prefix: 0), rightCount(rightIndex, prefix: 0))
        if shorter > 6, samePrefix(leftIndex, rightIndex, shorter) { return .phoneClose }
        return .phoneDifferent
    }

    /// One number with and the other without its extension.
    @inline(__always)
    private func samePrefix(_ leftIndex: Int, _ rightIndex: Int, _ count: Int) -> Bool {
        let first = leftText(leftIndex, prefix: 0)
        let second = rightText(rightIndex, prefix: 0)
        var index = 0
        while index < count {
            if first[index] != second[index] { return false }
            index &+= 1
        }
        return true
    }

    @inline(__always)
    func emailLevel() -> ComparisonLevel? {
        var best: ComparisonLevel?
        var leftItem = 0
        while leftItem < 4, left.pointee.count(.emailLocal, leftItem) > 0 {
            var rightItem = 0
            while rightItem < 4, right.pointee.count(.emailLocal, rightItem) > 0 {
                best = Comparison.better(best, emailLevel(leftItem, rightItem))
                rightItem &+= 1
            }
            leftItem &+= 1
        }
        return best
    }

    @inline(__always)
    private func emailLevel(_ leftItem: Int, _ rightItem: Int) -> ComparisonLevel {
        let leftLocal = left.pointee.index(.emailLocal, leftItem)
        let rightLocal = right.pointee.index(.emailLocal, rightItem)
        let sameLocal = equal(leftLocal, rightLocal, prefix: 0)
        let domains = left.pointee.count(.emailDomain, leftItem) > 0 && right.pointee.count(.emailDomain, rightItem) > 0
        let domainEdits =
            domains
            ? distance(
                left.pointee.index(.emailDomain, leftItem),
                right.pointee.index(.emailDomain, rightItem),
                prefix: 0
            ) : 9
        if sameLocal, domainEdits == 0 { return .emailExact }
        let edits = sameLocal ? 0 : distance(leftLocal, rightLocal, prefix: 0)
        let longer = max(leftCount(leftLocal, prefix: 0), rightCount(rightLocal, prefix: 0))
        if domainEdits <= 2, edits <= 2, edits &* 4 <= longer { return .emailClose }
        if sameLocal { return .emailLocal }
        let leftWhole = left.pointee.index(.emailWhole, leftItem)
        let rightWhole = right.pointee.index(.emailWhole, rightItem)
        let length = max(leftCount(leftWhole, prefix: 0), rightCount(rightWhole, prefix: 0))
        if length > 11, distance(leftWhole, rightWhole, prefix: 0) &* 6 <= length { return .emailClose }
        if edits <= 2, edits &* 4 <= longer { return .emailSimilar }
        return .emailDifferent
    }

    /// The level with the lower raw value: within a field, levels are declared from agreement to difference.
    @inline(__always)
    static func better(_ left: ComparisonLevel?, _ right: ComparisonLevel?) -> ComparisonLevel? {
        guard let left else { return right }
        guard let right else { return left }
        return left.rawValue < right.rawValue ? left : right
    }
}
