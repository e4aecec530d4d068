public import Demographics
public import Identifiers

/// What is stored of the records that match edges and must-link decisions hold together.
///
/// One row a component, under the identifier of its smallest member. It holds everything the partition into persons
/// needs, so one read answers who a record is and one write changes it:
///
///     let component = try row.withUnsafeBytes { bytes throws(IdentityError) in try Component(decoding: bytes) }
///     let person = component.members.filter { $0.golden == golden }
///
/// A component is canonical: equal content is equal bytes.
public struct Component: Hashable, Sendable {
    /// A source record in the component.
    public struct Member: Hashable, Sendable {
        /// The record.
        public var record: RecordID
        /// When the record first arrived.
        public var born: Sequence
        /// What may forbid a merge.
        public var facts: GuardFacts
        /// The golden identifier of the person the record belongs to; `nil` only for an absent member.
        public var golden: GoldenID?
        /// True for a removed record that decisions still name: it counts when it comes back, and belongs to no
        /// person meanwhile.
        public var isAbsent: Bool

        /// Describes a member.
        public init(
            record: RecordID,
            born: Sequence,
            facts: GuardFacts,
            golden: GoldenID? = nil,
            isAbsent: Bool = false
        ) {
            self.record = record
            self.born = born
            self.facts = facts
            self.golden = golden
            self.isAbsent = isAbsent
        }
    }

    /// A scored pair at or above the match threshold.
    public struct Edge: Hashable, Sendable {
        /// The two records.
        public var pair: RecordPair
        /// Their score.
        public var weight: MatchWeight

        /// Describes a scored pair.
        public init(pair: RecordPair, weight: MatchWeight) {
            self.pair = pair
            self.weight = weight
        }

        /// Whether this edge is taken before another: heavier first, then by the records.
        public static func precedes(_ left: Edge, _ right: Edge) -> Bool {
            left.weight != right.weight ? left.weight > right.weight : left.pair < right.pair
        }
    }

    /// Where a golden identifier is at home: it belongs to the person that holds its anchor record.
    public struct Anchor: Hashable, Sendable {
        /// The identifier.
        public var golden: GoldenID
        /// The record that carries it through merges and splits.
        public var record: RecordID

        /// Anchors an identifier.
        public init(golden: GoldenID, record: RecordID) {
            self.golden = golden
            self.record = record
        }
    }

    /// Sorted by record; never empty in a stored row.
    public var members: [Member] = []
    /// Sorted as `Edge.precedes` says; both ends are members.
    public var edges: [Edge] = []
    /// The holding decision of each decided pair that names a member; sorted by pair.
    ///
    /// The other record may be in another component.
    public var decisions: [StewardDecision] = []
    /// Sorted by age of the golden identifier; every record is a member.
    public var anchors: [Anchor] = []
    /// Scored pairs in the review band that name a member; sorted by pair.
    ///
    /// The other record may be in another component, and may have changed since: whoever asks a steward scores the
    /// pair anew.
    public var doubts: [Edge] = []
    /// What stewards are asked about these records besides `doubts`; sorted by pair and reason.
    public var reviews: [ReviewTask] = []

    /// Starts an empty component.
    public init() {}

    /// The key of the component's row: its smallest member; `nil` while it is empty.
    public var id: RecordID? { members.first?.record }

    /// Finds a member by binary search.
    public func member(_ record: RecordID) -> Member? {
        guard let index = memberIndex(record) else { return nil }
        return members[index]
    }

    /// The persons as they were last resolved, without looking at edges again; sorted by smallest member.
    public var persons: [Person] { Person.persons(of: self) }

    func memberIndex(_ record: RecordID) -> Int? {
        var low = 0
        var high = members.count
        while low < high {
            let middle = (low + high) / 2
            if members[middle].record < record { low = middle + 1 } else { high = middle }
        }
        return low < members.count && members[low].record == record ? low : nil
    }

    /// Keeps within the limits of what may be asked about one component.
    mutating func dropExcessQuestions() {
        if doubts.count > IdentityLimits.doubts {
            doubts.sort(by: Edge.precedes)
            doubts.removeSubrange(IdentityLimits.doubts...)
            doubts.sort { $0.pair < $1.pair }
        }
        if reviews.count > IdentityLimits.reviews {
            reviews.sort { $0.harm > $1.harm || ($0.harm == $1.harm && $0 < $1) }
            reviews.removeSubrange(IdentityLimits.reviews...)
            reviews.sort()
        }
    }
}
