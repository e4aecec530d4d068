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
        var straightGiven = lanes.given[0]
        NameBound.add(.of(given, givenTable, otherGiven), lanes.given, to: &straightGiven)
        let familySimilarity = PossibleSimilarity.of(family, familyTable, otherFamily)
        var straightFamily = Lanes(repeating: .min)
        NameBound.add(familySimilarity, lanes.family, to: &straightFamily)
        let middle = other.middle
        if reaches(given, givenClasses, middle) || isMiddle(otherGiven, patterns) {
            straightGiven = pointwiseMax(straightGiven, lanes.givenPart)
        }
        if reaches(family, familyClasses, middle) || isMiddle(otherFamily, patterns) {
            straightFamily = pointwiseMax(straightFamily, lanes.familyPart)
        }
        let first = PossibleSimilarity.of(given, givenTable, otherFamily).highestRank
        let second = PossibleSimilarity.of(family, familyTable, otherGiven).highestRank
        let crossed = lanes.givenCrossed[max(first, second)] &+ lanes.familyCrossed[min(first, second)]
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
