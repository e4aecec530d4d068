import Demographics

/// The most that the names can add, where the query's sketch and the candidate's hold them whole.
///
/// Every part is a maximum over a superset of the levels that `Comparison.names` could give.
struct NameBound {
    typealias Lanes = SketchBound.Lanes

    private let given: SketchName
    private let family: SketchName
    /// Indexes of the texts in the prepared query: the name parts', the first middle name's and how many there are.
    private let givenText: Int
    private let familyText: Int
    private let middleText: Int
    private let middleCount: Int
    private let middleLengths: InlineArray<8, UInt8>
    private let givenClasses: UInt16
    private let familyClasses: UInt16
    /// By `TextSimilarity`.
    private var givenLanes = InlineArray<7, Lanes>(repeating: Lanes())
    private var familyLanes = InlineArray<7, Lanes>(repeating: Lanes())
    private var givenPart = Lanes()
    private var familyPart = Lanes()
    /// By rank of a crossed comparison, each the most of it and all below; entry 0 is not used.
    private var givenCrossed = InlineArray<4, Lanes>(repeating: Lanes())
    private var familyCrossed = InlineArray<4, Lanes>(repeating: Lanes())

    /// Prepares a query; `nil` where its names are not plain.
    init?(_ sketch: Sketch, view: borrowing FeatureView, tables: [CompiledWeights.Table]) {
        guard let given = sketch.given, let family = sketch.family, view.nameCount == 1, view.count(.given) == 1,
            view.count(.family) == 1, view.count(.middle) <= 8
        else { return nil }
        self.given = given
        self.family = family
        givenText = view.index(.given)
        familyText = view.index(.family)
        middleText = view.index(.middle)
        middleCount = view.count(.middle)
        var lengths = InlineArray<8, UInt8>(repeating: 0)
        for index in 0..<middleCount {
            lengths[index] = UInt8(
                truncatingIfNeeded: Int(view.texts[middleText + index].count) - Comparison.namePrefix
            )
        }
        middleLengths = lengths
        givenClasses = given.classes
        familyClasses = family.classes
        for index in tables.indices { fill(index, tables[index]) }
        for rank in 2...3 {
            givenCrossed[rank] = pointwiseMax(givenCrossed[rank], givenCrossed[rank - 1])
            familyCrossed[rank] = pointwiseMax(familyCrossed[rank], familyCrossed[rank - 1])
        }
    }

    private mutating func fill(_ index: Int, _ table: CompiledWeights.Table) {
        func weight(_ level: ComparisonLevel) -> Int32 { table.levels[Int(level.rawValue)] }
        let givenLevels: [ComparisonLevel] = [
            .givenDifferent, .givenRemnant, .givenInitial, .givenSimilar, .givenVariant, .givenClose, .givenExact,
        ]
        let familyLevels: [ComparisonLevel] = [
            .familyDifferent, .familyRemnant, .familyInitial, .familySimilar, .familyClose, .familyClose, .familyExact,
        ]
        for similarity in 0..<7 {
            givenLanes[similarity][index] = weight(givenLevels[similarity])
            familyLanes[similarity][index] = weight(familyLevels[similarity])
        }
        givenLanes[6][index] &+= table.mostGiven
        familyLanes[6][index] &+= table.mostFamily
        givenPart[index] = weight(.givenPart)
        familyPart[index] = weight(.familyPart)
        givenCrossed[1][index] = weight(.givenDifferent)
        givenCrossed[2][index] = weight(.givenSwappedClose)
        givenCrossed[3][index] = weight(.givenSwapped)
        familyCrossed[1][index] = weight(.familyDifferent)
        familyCrossed[2][index] = weight(.familySwappedClose)
        familyCrossed[3][index] = weight(.familySwapped)
    }

    /// The most that given and family name add.
    ///
    /// - Parameters:
    ///   - other: the candidate's sketch.
    ///   - patterns: the query's prepared texts.
    /// - Returns: `nil` where the candidate's names are not plain.
    @inline(__always)
    func most(_ other: Sketch, _ patterns: UnsafePointer<UInt32>) -> Lanes? {
        guard let otherGiven = other.given, let otherFamily = other.family else { return nil }
        let givenTable = patterns + givenText &* PatternTable.length
        let familyTable = patterns + familyText &* PatternTable.length
        // A sibling's name counts as different, and so does the name of another generation.
        var straightGiven = givenLanes[0]
        NameBound.add(.of(given, givenTable, otherGiven), givenLanes, to: &straightGiven)
        let familySimilarity = PossibleSimilarity.of(family, familyTable, otherFamily)
        var straightFamily = Lanes(repeating: .min)
        NameBound.add(familySimilarity, familyLanes, to: &straightFamily)
        let middle = other.middle
        if reaches(given, givenClasses, middle) || isMiddle(otherGiven, patterns) {
            straightGiven = pointwiseMax(straightGiven, givenPart)
        }
        if reaches(family, familyClasses, middle) || isMiddle(otherFamily, patterns) {
            straightFamily = pointwiseMax(straightFamily, familyPart)
        }
        let first = PossibleSimilarity.of(given, givenTable, otherFamily).highestRank
        let second = PossibleSimilarity.of(family, familyTable, otherGiven).highestRank
        let crossed = givenCrossed[max(first, second)] &+ familyCrossed[min(first, second)]
        return pointwiseMax(straightGiven &+ straightFamily, crossed)
    }

    @inline(__always)
    private static func add(
        _ possible: PossibleSimilarity,
        _ lanes: borrowing InlineArray<7, Lanes>,
        to most: inout Lanes
    ) {
        var left = possible.rawValue
        while left != 0 {
            most = pointwiseMax(most, lanes[left.trailingZeroBitCount])
            left &= left &- 1
        }
    }

    /// Whether a name may be close to a middle name with such letters: every class that only the name has is an edit.
    @inline(__always)
    private func reaches(_ name: SketchName, _ classes: UInt16, _ middle: UInt16) -> Bool {
        guard middle != 0, name.count > 2 else { return false }
        // Two edits are forgiven in words of eight letters and more, which differ by at most two in length.
        return (classes & ~middle).nonzeroBitCount <= (name.count > 5 ? 2 : 1)
    }

    /// Whether a candidate's name is close to one of the query's middle names.
    @inline(__always)
    private func isMiddle(_ name: SketchName, _ patterns: UnsafePointer<UInt32>) -> Bool {
        guard middleCount > 0, name.count > 2 else { return false }
        for index in 0..<middleCount {
            let length = Int(middleLengths[index])
            guard length > 2 else { continue }
            let table = patterns + (middleText &+ index) &* PatternTable.length
            let edits = OSADistance.distance(table: table, patternCount: length, textCount: Int(name.count)) {
                name[$0]
            }
            let shorter = min(length, Int(name.count))
            let longer = max(length, Int(name.count))
            if edits == 0 || PossibleSimilarity.isClose(edits, shorter, longer) { return true }
        }
        return false
    }
}
