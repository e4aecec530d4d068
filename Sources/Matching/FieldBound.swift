/// The most that the fields outside the sketch can add, as far as two digests tell.
///
/// Every part is a maximum over a superset of the levels that the comparison could give; what neither of the two
/// could know adds nothing.
struct FieldBound {
    typealias Lanes = SketchBound.Lanes

    private let own: FieldDigest
    private let identifiers: IdentifierRules

    init(_ own: FieldDigest, identifiers: IdentifierRules) {
        self.own = own
        self.identifiers = identifiers
    }

    /// The bound.
    ///
    /// - Parameters:
    ///   - other: the candidate's digest.
    ///   - levels: the weights of each level, by raw value.
    ///   - hasPlace: whether both records know a city, a district or a postal code.
    /// - Returns: the sum, for each alternative.
    @inline(__always)
    func most(_ other: FieldDigest, _ levels: UnsafePointer<Lanes>, hasPlace: Bool) -> Lanes {
        var sum = Lanes()
        if own.phone != 0, other.phone != 0 { sum &+= phone(other.phone, levels) }
        if own.identifier != 0, other.identifier != 0 { sum &+= identifier(other, levels) }
        if own.street != 0, other.street != 0 { sum &+= address(other, levels) }
        if own.mother != 0, other.mother != 0 { sum &+= mother(other.mother, levels) }
        if own.middle != 0, other.middle != 0 { sum &+= middle(other.middle, levels) }
        return hasPlace ? sum &+ place(other, levels) : sum
    }

    @inline(__always)
    private func phone(_ other: UInt64, _ levels: UnsafePointer<Lanes>) -> Lanes {
        guard own.phone != FieldDigest.unfit, other != FieldDigest.unfit else {
            return pointwiseMax(
                levels[.phoneExact],
                pointwiseMax(levels[.phoneClose], levels[.phoneDifferent])
            )
        }
        let (edits, isPrefix) = PackedDistance.phones(own.phone, other)
        if edits == 0 { return levels[.phoneExact] }
        // Where the shorter one is long enough, it begins the longer or it does not: the bound need not ask.
        return edits == 1 || isPrefix
            ? pointwiseMax(levels[.phoneClose], levels[.phoneDifferent]) : levels[.phoneDifferent]
    }

    @inline(__always)
    private func identifier(_ other: FieldDigest, _ levels: UnsafePointer<Lanes>) -> Lanes {
        let isHeld = own.identifier != FieldDigest.unfit && other.identifier != FieldDigest.unfit
        guard isHeld, own.identifier != other.identifier else {
            var most = pointwiseMax(Lanes(), levels[.identifierExact])
            most = pointwiseMax(most, pointwiseMax(levels[.identifierClose], levels[.identifierSimilar]))
            return pointwiseMax(most, levels[.identifierDifferent])
        }
        let (first, second) = (IdentifierPrefix(bits: own.authority), IdentifierPrefix(bits: other.authority))
        guard first.isOfOneAuthority(second), first.isUnique(identifiers), second.isUnique(identifiers) else {
            return Lanes()
        }
        let (edits, longer) = PackedDistance.neighbours(own.identifier, other.identifier)
        var most = levels[.identifierDifferent]
        if edits <= 3, edits &* 4 <= longer { most = pointwiseMax(most, levels[.identifierSimilar]) }
        if edits <= 1 { most = pointwiseMax(most, levels[.identifierClose]) }
        return most
    }

    @inline(__always)
    private func address(_ other: FieldDigest, _ levels: UnsafePointer<Lanes>) -> Lanes {
        var most = pointwiseMax(levels[.addressStreet], levels[.addressDifferent])
        let isHeld = own.street != FieldDigest.unfit && other.street != FieldDigest.unfit
        let hasNumber = own.number != 0 && other.number != 0
        let isSeveral = own.number == FieldDigest.unfitHash || other.number == FieldDigest.unfitHash
        if !isHeld || hasNumber && (isSeveral || own.number == other.number) {
            most = pointwiseMax(most, pointwiseMax(levels[.addressPart], levels[.addressNumber]))
            most = pointwiseMax(most, levels[.addressClose])
        }
        guard isHeld else { return pointwiseMax(most, levels[.addressExact]) }
        if own.street == other.street { most = pointwiseMax(most, levels[.addressExact]) }
        let (edits, longer) = PackedDistance.neighbours(own.street, other.street)
        return edits <= 2 &+ longer / 12 ? pointwiseMax(most, levels[.addressClose]) : most
    }

    @inline(__always)
    private func place(_ other: FieldDigest, _ levels: UnsafePointer<Lanes>) -> Lanes {
        let hasCity = own.city != 0 && other.city != 0
        let hasPostal = own.postalCode != 0 && other.postalCode != 0
        func mayAgree(_ left: UInt16, _ right: UInt16) -> Bool {
            left == right || left == FieldDigest.unfitHash || right == FieldDigest.unfitHash
        }
        let city = hasCity && mayAgree(own.city, other.city)
        let postal = hasPostal && mayAgree(own.postalCode, other.postalCode)
        var most = pointwiseMax(levels[.placeDistrict], levels[.placeDifferent])
        if hasCity || hasPostal { most = pointwiseMax(most, levels[.placeClose]) }
        if city { most = pointwiseMax(most, levels[.placeCity]) }
        if postal { most = pointwiseMax(most, levels[.placePostal]) }
        if city && postal { most = pointwiseMax(most, levels[.placeExact]) }
        let isKnown =
            hasCity && own.city != FieldDigest.unfitHash && other.city != FieldDigest.unfitHash
            || hasPostal && own.postalCode != FieldDigest.unfitHash && other.postalCode != FieldDigest.unfitHash
        // Without a city or a postal code of both, the districts may be unknown too.
        return isKnown ? most : pointwiseMax(most, Lanes())
    }

    @inline(__always)
    private func mother(_ other: UInt64, _ levels: UnsafePointer<Lanes>) -> Lanes {
        var most = pointwiseMax(levels[.motherDifferent], levels[.motherPart])
        guard own.mother != FieldDigest.unfit, other != FieldDigest.unfit else {
            return pointwiseMax(most, pointwiseMax(levels[.motherClose], levels[.motherExact]))
        }
        let left = MotherDigest(own.mother)
        let right = MotherDigest(other)
        if left.mayBeWholeOf(right) {
            return pointwiseMax(most, pointwiseMax(levels[.motherClose], levels[.motherExact]))
        }
        let rows = left.wordsLike(right)
        if rows == 0 { return levels[.motherDifferent] }
        if left.hasTwo, right.hasTwo, rows == 2 { most = pointwiseMax(most, levels[.motherClose]) }
        return most
    }

    @inline(__always)
    private func middle(_ other: UInt16, _ levels: UnsafePointer<Lanes>) -> Lanes {
        var most = pointwiseMax(levels[.middleClose], levels[.middleInitial])
        most = pointwiseMax(most, levels[.middleDifferent])
        if own.middle == FieldDigest.unfitHash || other == FieldDigest.unfitHash {
            most = pointwiseMax(most, Lanes())
        } else if own.middle != other {
            return most
        }
        return pointwiseMax(most, levels[.middleExact])
    }
}

/// The mother's name as a digest holds it.
private struct MotherDigest {
    let first: UInt64
    let second: UInt64
    let firstCount: Int
    let secondCount: Int

    @inline(__always)
    init(_ packed: UInt64) {
        first = packed & FieldDigest.letterMask
        second = packed &>> FieldDigest.letterBits & FieldDigest.letterMask
        firstCount = Int(packed &>> 54 & 31)
        secondCount = Int(packed &>> 59)
    }

    @inline(__always) var hasTwo: Bool { secondCount > 0 }

    /// Whether so many edits and such lengths may be what `TextSimilarity.close` forgives.
    @inline(__always)
    private static func isClose(_ edits: Int, _ longer: Int) -> Bool { edits <= 1 || edits == 2 && longer > 7 }

    /// Whether the joined names may be close.
    @inline(__always)
    func mayBeWholeOf(_ other: MotherDigest) -> Bool {
        let (count, otherCount) = (firstCount &+ secondCount, other.firstCount &+ other.secondCount)
        let edits = PackedDistance.letters(first | second, count, other.first | other.second, otherCount)
        return MotherDigest.isClose(edits, max(count, otherCount))
    }

    /// How many words may be close to some word of the other, at most: the lesser of both directions, but 2 at once
    /// where each name has two.
    @inline(__always)
    func wordsLike(_ other: MotherDigest) -> Int {
        func like(_ left: UInt64, _ leftCount: Int, _ right: UInt64, _ rightCount: Int) -> Bool {
            leftCount > 0 && rightCount > 0
                && MotherDigest.isClose(
                    PackedDistance.letters(left, leftCount, right, rightCount),
                    max(leftCount, rightCount)
                )
        }
        let straight = like(first, firstCount, other.first, other.firstCount)
        let crossed = like(first, firstCount, other.second, other.secondCount)
        let crossedBack = like(second, secondCount, other.first, other.firstCount)
        let last = like(second, secondCount, other.second, other.secondCount)
        let left = (straight || crossed ? 1 : 0) &+ (crossedBack || last ? 1 : 0)
        let right = (straight || crossedBack ? 1 : 0) &+ (crossed || last ? 1 : 0)
        return min(left, right)
    }
}

extension UnsafePointer<SIMD4<Int32>> {
    @inline(__always)
    fileprivate subscript(level: ComparisonLevel) -> SIMD4<Int32> { self[Int(level.rawValue)] }
}
