/// Compares the prepared texts of one record with the texts of another; symmetric in the two.
///
/// Borrowed by `PreparedQuery` for the length of one score; owns nothing.
struct Comparison {
    let left: UnsafePointer<FeatureView>
    let right: UnsafePointer<FeatureView>
    let leftBytes: UnsafePointer<UInt8>
    let rightBytes: UnsafePointer<UInt8>
    /// `PatternTable.length` entries for each text of the left record.
    let tables: UnsafePointer<UInt32>
    /// Weights of the first alternative: they decide between readings of a name, the same for both orders of a pair.
    let weights: UnsafePointer<CompiledWeights.Table>
    /// What the frequencies of the left record's names add.
    let adjustments: NameAdjustments
    /// Which kinds of identifier a person has one of.
    let identifiers: IdentifierRules

    @inline(__always)
    func leftCount(_ index: Int, prefix: Int) -> Int { Int(left.pointee.texts[index].count) &- prefix }

    @inline(__always)
    func rightCount(_ index: Int, prefix: Int) -> Int { Int(right.pointee.texts[index].count) &- prefix }

    @inline(__always)
    func leftText(_ index: Int, prefix: Int) -> UnsafePointer<UInt8> {
        leftBytes + (Int(left.pointee.texts[index].start) &+ prefix)
    }

    @inline(__always)
    func rightText(_ index: Int, prefix: Int) -> UnsafePointer<UInt8> {
        rightBytes + (Int(right.pointee.texts[index].start) &+ prefix)
    }

    @inline(__always)
    func table(_ index: Int) -> UnsafePointer<UInt32> { tables + index &* PatternTable.length }

    @inline(__always)
    func equal(_ leftIndex: Int, _ rightIndex: Int, prefix: Int) -> Bool {
        let count = leftCount(leftIndex, prefix: prefix)
        guard count == rightCount(rightIndex, prefix: prefix) else { return false }
        let first = leftText(leftIndex, prefix: prefix)
        let second = rightText(rightIndex, prefix: prefix)
        var index = 0
        while index < count {
            if first[index] != second[index] { return false }
            index &+= 1
        }
        return true
    }

    @inline(__always)
    func distance(_ leftIndex: Int, _ rightIndex: Int, prefix: Int) -> Int {
        OSADistance.distance(
            table: table(leftIndex),
            patternCount: leftCount(leftIndex, prefix: prefix),
            text: rightText(rightIndex, prefix: prefix),
            textCount: rightCount(rightIndex, prefix: prefix)
        )
    }

    /// Jaro-Winkler with the greater text as the pattern: greedy matching depends on the direction in rare cases.
    func jaroWinkler(_ leftIndex: Int, _ rightIndex: Int, prefix: Int) -> Int {
        let first = leftText(leftIndex, prefix: prefix)
        let second = rightText(rightIndex, prefix: prefix)
        let firstCount = leftCount(leftIndex, prefix: prefix)
        let secondCount = rightCount(rightIndex, prefix: prefix)
        if Comparison.precedes(second, secondCount, first, firstCount) {
            return JaroWinkler.similarity(
                table: table(leftIndex),
                pattern: first,
                patternCount: firstCount,
                text: second,
                textCount: secondCount
            )
        }
        return withUnsafeTemporaryAllocation(of: UInt32.self, capacity: PatternTable.length) { table in
            guard let base = table.baseAddress else { return 0 }
            base.initialize(repeating: 0, count: PatternTable.length)
            PatternTable.fill(base, second, secondCount)
            return JaroWinkler.similarity(
                table: base,
                pattern: second,
                patternCount: secondCount,
                text: first,
                textCount: firstCount
            )
        }
    }

    /// Orders texts by length, then bytes.
    @inline(__always)
    private static func precedes(
        _ first: UnsafePointer<UInt8>,
        _ firstCount: Int,
        _ second: UnsafePointer<UInt8>,
        _ secondCount: Int
    ) -> Bool {
        if firstCount != secondCount { return firstCount < secondCount }
        var index = 0
        while index < firstCount {
            if first[index] != second[index] { return first[index] < second[index] }
            index &+= 1
        }
        return true
    }

    /// What is cheap to compare and parts most candidates: dates, sex, identifiers, phones.
    @inline(__always)
    func firstLevels(into levels: inout LevelVector) {
        levels[.birthDate] = DateAgreement.level(left.pointee.date, right.pointee.date)
        levels[.sex] = sexLevel()
        levels[.identifier] = identifierLevel()
        levels[.phone] = phoneLevel()
        levels[.source] = sourceLevel()
    }

    /// What remains once the names are compared.
    @inline(__always)
    func lastLevels(into levels: inout LevelVector) {
        levels[.email] = emailLevel()
        levels[.address] = addressLevel()
        levels[.place] = placeLevel()
        levels[.mother] = motherLevel()
    }

    @inline(__always)
    private func sourceLevel() -> ComparisonLevel? {
        guard left.pointee.source != 0, right.pointee.source != 0 else { return nil }
        return left.pointee.source == right.pointee.source ? .sourceSame : .sourceDifferent
    }

    @inline(__always)
    private func sexLevel() -> ComparisonLevel? {
        // 1 and 2 are female and male; "other" is recorded too unevenly to count against either.
        guard left.pointee.sex &- 1 < 2, right.pointee.sex &- 1 < 2 else { return nil }
        return left.pointee.sex == right.pointee.sex ? .sexSame : .sexDifferent
    }
}
