/// Names: given, middle and family in the arrangement that explains the pair best.
extension Comparison {
    /// Bytes before the text of a name word: sound and group of variants.
    static let namePrefix = 4
    /// What the frequency of the names adds where they agree exactly.
    struct NameBonus {
        var given: Int32 = 0
        var family: Int32 = 0

        @inline(__always) var sum: Int32 { given &+ family }

        /// What a field gains.
        subscript(field: MatchField) -> Int32 {
            switch field {
            case .givenName: given
            case .familyName: family
            default: 0
            }
        }
    }

    /// Sets the levels of given, middle and family name from the best pairing of names.
    ///
    /// - Returns: the adjustment of the chosen names.
    @inline(__always)
    func names(into levels: inout LevelVector) -> NameBonus {
        let leftNames = left.pointee.nameCount
        let rightNames = right.pointee.nameCount
        guard leftNames > 0, rightNames > 0 else { return NameBonus() }
        var best = LevelVector()
        var bestBonus = NameBonus()
        var bestSum = Int32.min
        var leftName = 0
        while leftName < leftNames {
            var rightName = 0
            while rightName < rightNames {
                let candidate = nameLevels(leftName, rightName)
                let bonus = bonus(candidate, leftName)
                let sum = candidate.sum(weights) &+ bonus.sum
                // Ties go to the greater vector, so that the order of names does not matter.
                if sum > bestSum || (sum == bestSum && best.precedes(candidate)) {
                    best = candidate
                    bestBonus = bonus
                    bestSum = sum
                }
                rightName &+= 1
            }
            leftName &+= 1
        }
        let ofAnother = generationsDiffer || areSiblings(levels, given: best[.givenName])
        levels[.givenName] = ofAnother ? .givenDifferent : best[.givenName]
        levels[.middleName] = best[.middleName]
        levels[.familyName] = best[.familyName]
        if levels[.givenName] != .givenExact { bestBonus.given = 0 }
        return bestBonus
    }

    @inline(__always)
    private func bonus(_ levels: LevelVector, _ leftName: Int) -> NameBonus {
        NameBonus(
            given: levels[.givenName] == .givenExact ? adjustments.given[leftName] : 0,
            family: levels[.familyName] == .familyExact ? adjustments.family[leftName] : 0
        )
    }

    /// Senior against junior: a father and a son of one name, who say so.
    @inline(__always) private var generationsDiffer: Bool {
        let first = left.pointee.generation
        let second = right.pointee.generation
        return first != 0 && second != 0 && first != second
    }

    @inline(__always)
    private func nameLevels(_ leftName: Int, _ rightName: Int) -> LevelVector {
        var straight = LevelVector()
        let given = givenSimilarity(leftName, rightName)
        let family = familySimilarity(leftName, rightName)
        straight[.givenName] = given.map(Comparison.givenLevel)
        straight[.familyName] = family.map(Comparison.familyLevel)
        straight[.middleName] = middleLevel(leftName, rightName)
        let settled = (given?.similarity ?? .different) >= .close && (family?.similarity ?? .different) >= .close
        guard !settled else { return straight }
        let first = partSimilarity(.given, leftName, .family, rightName)
        let second = partSimilarity(.family, leftName, .given, rightName)
        guard first != nil || second != nil else { return straight }
        var crossed = LevelVector()
        let firstRank = Comparison.rank(first)
        let secondRank = Comparison.rank(second)
        // A name in common, once given and once family name, with the other names different, is what families have.
        guard firstRank != 1, secondRank != 1 else { return straight }
        crossed[.givenName] = Comparison.crossedGiven(max(firstRank, secondRank))
        crossed[.familyName] = Comparison.crossedFamily(min(firstRank, secondRank))
        crossed[.middleName] = straight[.middleName]
        return crossed.sum(weights) > straight.sum(weights) ? crossed : straight
    }

    /// 0 missing, 1 different, 2 close, 3 exact: what a crossed comparison tells apart.
    @inline(__always)
    private static func rank(_ part: PartSimilarity?) -> Int {
        guard let part else { return 0 }
        if part.similarity == .exact { return 3 }
        return part.similarity >= .similar ? 2 : 1
    }

    @inline(__always)
    private static func crossedGiven(_ rank: Int) -> ComparisonLevel? {
        switch rank {
        case 0: nil
        case 1: .givenDifferent
        case 2: .givenSwappedClose
        default: .givenSwapped
        }
    }

    @inline(__always)
    private static func crossedFamily(_ rank: Int) -> ComparisonLevel? {
        switch rank {
        case 0: nil
        case 1: .familyDifferent
        case 2: .familySwappedClose
        default: .familySwapped
        }
    }

    /// The similarity of two name parts, and whether only some of their words agree.
    struct PartSimilarity {
        var similarity: TextSimilarity
        var isPart = false
    }

    @inline(__always)
    private static func givenLevel(_ part: PartSimilarity) -> ComparisonLevel {
        if part.isPart { return .givenPart }
        return switch part.similarity {
        case .exact: .givenExact
        case .close: .givenClose
        case .variant: .givenVariant
        case .similar: .givenSimilar
        case .initial: .givenInitial
        case .remnant: .givenRemnant
        case .different: .givenDifferent
        }
    }

    @inline(__always)
    private static func familyLevel(_ part: PartSimilarity) -> ComparisonLevel {
        if part.isPart { return .familyPart }
        return switch part.similarity {
        case .exact: .familyExact
        case .close, .variant: .familyClose
        case .similar: .familySimilar
        case .initial: .familyInitial
        case .remnant: .familyRemnant
        case .different: .familyDifferent
        }
    }

    /// Given names; a person who goes by a middle name agrees in part.
    @inline(__always)
    private func givenSimilarity(_ leftName: Int, _ rightName: Int) -> PartSimilarity? {
        guard let straight = partSimilarity(.given, leftName, .given, rightName) else { return nil }
        guard straight.similarity < .variant else { return straight }
        if anyWordClose(.given, leftName, .middle, rightName) || anyWordClose(.middle, leftName, .given, rightName) {
            return PartSimilarity(similarity: .close, isPart: true)
        }
        return straight
    }

    /// Family names.
    ///
    /// The father's name that one source takes for the family name and the other for a middle name agrees in part, and
    /// so does the name before marriage that is kept as a middle name.
    @inline(__always)
    private func familySimilarity(_ leftName: Int, _ rightName: Int) -> PartSimilarity? {
        guard let straight = partSimilarity(.family, leftName, .family, rightName) else { return nil }
        guard straight.similarity < .similar, !straight.isPart else { return straight }
        if anyWordClose(.family, leftName, .middle, rightName) || anyWordClose(.middle, leftName, .family, rightName) {
            return PartSimilarity(similarity: .close, isPart: true)
        }
        return straight
    }

    /// Two name parts: joined forms first, then word by word.
    @inline(__always)
    private func partSimilarity(
        _ leftTag: FeatureTag,
        _ leftName: Int,
        _ rightTag: FeatureTag,
        _ rightName: Int
    ) -> PartSimilarity? {
        let leftWords = left.pointee.count(leftTag, leftName)
        let rightWords = right.pointee.count(rightTag, rightName)
        guard leftWords > 0, rightWords > 0 else { return nil }
        let joined = wordSimilarity(left.pointee.index(leftTag, leftName), right.pointee.index(rightTag, rightName))
        if joined >= .close || (leftWords == 1 && rightWords == 1) { return PartSimilarity(similarity: joined) }
        if anyWordClose(leftTag, leftName, rightTag, rightName) {
            return PartSimilarity(similarity: .close, isPart: true)
        }
        return PartSimilarity(similarity: joined)
    }

    /// True where some word of one part is at least close to some word of the other; initials do not count.
    @inline(__always)
    private func anyWordClose(_ leftTag: FeatureTag, _ leftName: Int, _ rightTag: FeatureTag, _ rightName: Int) -> Bool
    {
        let leftEnd = left.pointee.index(leftTag, leftName) &+ left.pointee.count(leftTag, leftName)
        let rightEnd = right.pointee.index(rightTag, rightName) &+ right.pointee.count(rightTag, rightName)
        var leftWord = left.pointee.index(leftTag, leftName)
        while leftWord < leftEnd {
            var rightWord = right.pointee.index(rightTag, rightName)
            while rightWord < rightEnd {
                if leftCount(leftWord, prefix: Comparison.namePrefix) > 2,
                    rightCount(rightWord, prefix: Comparison.namePrefix) > 2,
                    wordSimilarity(leftWord, rightWord) >= .close
                {
                    return true
                }
                rightWord &+= 1
            }
            leftWord &+= 1
        }
        return false
    }

    /// The best agreement of any two middle names.
    @inline(__always)
    private func middleLevel(_ leftName: Int, _ rightName: Int) -> ComparisonLevel? {
        let leftWords = left.pointee.count(.middle, leftName)
        let rightWords = right.pointee.count(.middle, rightName)
        guard leftWords > 0, rightWords > 0 else { return nil }
        var best = TextSimilarity.different
        let leftStart = left.pointee.index(.middle, leftName)
        let rightStart = right.pointee.index(.middle, rightName)
        var leftWord = 0
        while leftWord < leftWords {
            var rightWord = 0
            while rightWord < rightWords {
                var similarity = wordSimilarity(leftStart &+ leftWord, rightStart &+ rightWord)
                if similarity == .exact, leftCount(leftStart &+ leftWord, prefix: Comparison.namePrefix) == 1 {
                    similarity = .initial
                }
                best = max(best, similarity)
                rightWord &+= 1
            }
            leftWord &+= 1
        }
        return switch best {
        case .exact: .middleExact
        case .close, .variant, .similar: .middleClose
        case .initial: .middleInitial
        case .remnant, .different: .middleDifferent
        }
    }
}

extension LevelVector {
    /// Orders vectors by their levels, field by field.
    func precedes(_ other: LevelVector) -> Bool {
        for index in 0..<12 where storage[index] != other.storage[index] {
            return storage[index] < other.storage[index]
        }
        return false
    }
}
