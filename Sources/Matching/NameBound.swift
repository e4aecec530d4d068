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
    private let lanes: NameLanes
    /// The most that crossed names can add, and names of either kind.
    private let highestCrossed: Lanes
    let highest: Lanes

    /// Prepares a query; `nil` where its names are not plain.
    ///
    /// `adjustments` are what an exact agreement on its names gains.
    init?(
        _ sketch: Sketch,
        view: borrowing FeatureView,
        lanes: NameLanes,
        adjustments: NameAdjustments
    ) {
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
        var lanes = lanes
        lanes.given[6][adjustments.alternative] &+= adjustments.given[0]
        lanes.family[6][adjustments.alternative] &+= adjustments.family[0]
        self.lanes = lanes
        let crossed = NameBound.highest(lanes.givenCrossed) &+ NameBound.highest(lanes.familyCrossed)
        highestCrossed = crossed
        highest = pointwiseMax(
            crossed,
            pointwiseMax(NameBound.highest(lanes.given), lanes.givenPart)
                &+ pointwiseMax(NameBound.highest(lanes.family), lanes.familyPart)
        )
    }

    private static func highest<let count: Int>(_ lanes: InlineArray<count, Lanes>) -> Lanes {
        lanes.indices.reduce(Lanes(repeating: .min)) { pointwiseMax($0, lanes[$1]) }
    }

    /// The most that given and family name add.
    ///
    /// - Parameters:
    ///   - other: the candidate's sketch.
    ///   - patterns: the query's prepared texts.
    /// - Returns: `nil` where the candidate's names are not plain.
    @inline(__always)
    func most(_ other: Sketch, _ patterns: PatternTable.Tables) -> Lanes? {
        guard let otherGiven = other.given, let otherFamily = other.family else { return nil }
        return pointwiseMax(
            straight(otherGiven, otherFamily, other.middle, patterns),
            crossed(otherGiven, otherFamily, patterns)
        )
    }

    /// Whether given and family name can lift a sum to a floor; names that stand in each other's place are compared
    /// only where names in their own place do not.
    ///
    /// - Parameters:
    ///   - floor: the least weight of interest, in millibits.
    ///   - sum: what all else can add.
    ///   - other: the candidate's sketch.
    ///   - patterns: the query's prepared texts.
    /// - Returns: `nil` where the candidate's names are not plain.
    @inline(__always)
    func reaches(_ floor: Int32, _ sum: Lanes, _ other: Sketch, _ patterns: PatternTable.Tables) -> Bool? {
        guard let otherGiven = other.given, let otherFamily = other.family else { return nil }
        let straight = straight(otherGiven, otherFamily, other.middle, patterns)
        if (sum &+ straight).min() >= floor { return true }
        guard (sum &+ pointwiseMax(straight, highestCrossed)).min() >= floor else { return false }
        return (sum &+ pointwiseMax(straight, crossed(otherGiven, otherFamily, patterns))).min() >= floor
    }

    /// The most with each name compared with its like.
    @inline(__always)
    private func straight(
        _ otherGiven: SketchName,
        _ otherFamily: SketchName,
        _ middle: UInt16,
        _ patterns: PatternTable.Tables
    ) -> Lanes {
        let givenTable = patterns + givenText &* PatternTable.length
        let familyTable = patterns + familyText &* PatternTable.length
        // A sibling's name counts as different, and so does the name of another generation.
        var mostGiven = lanes.given[0]
        NameBound.add(.of(given, givenTable, otherGiven), lanes.given, to: &mostGiven)
        var mostFamily = Lanes(repeating: .min)
        NameBound.add(.of(family, familyTable, otherFamily), lanes.family, to: &mostFamily)
        if reaches(given, givenClasses, middle) || isMiddle(otherGiven, patterns) {
            mostGiven = pointwiseMax(mostGiven, lanes.givenPart)
        }
        if reaches(family, familyClasses, middle) || isMiddle(otherFamily, patterns) {
            mostFamily = pointwiseMax(mostFamily, lanes.familyPart)
        }
        return mostGiven &+ mostFamily
    }

    /// The most with given and family name in each other's place.
    @inline(__always)
    private func crossed(
        _ otherGiven: SketchName,
        _ otherFamily: SketchName,
        _ patterns: PatternTable.Tables
    ) -> Lanes {
        let givenTable = patterns + givenText &* PatternTable.length
        let familyTable = patterns + familyText &* PatternTable.length
        let first = PossibleSimilarity.of(given, givenTable, otherFamily).highestRank
        let second = PossibleSimilarity.of(family, familyTable, otherGiven).highestRank
        return lanes.givenCrossed[max(first, second)] &+ lanes.familyCrossed[min(first, second)]
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
    private func isMiddle(_ name: SketchName, _ patterns: PatternTable.Tables) -> Bool {
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
