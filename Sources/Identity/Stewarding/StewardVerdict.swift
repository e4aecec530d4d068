/// What is decided about a pair of records, and what was before.
public struct StewardVerdict: Hashable, Sendable {
    /// The two records.
    public let pair: RecordPair
    /// What was decided before; `nil` where nobody had decided.
    public let before: StewardDecision?
    /// What is decided now; `nil` where it is as if nobody had.
    public let after: StewardDecision?

    /// States a verdict.
    public init(pair: RecordPair, before: StewardDecision?, after: StewardDecision?) {
        self.pair = pair
        self.before = before
        self.after = after
    }

    /// The verdict that takes this one back.
    public var inverse: StewardVerdict { StewardVerdict(pair: pair, before: after, after: before) }

    /// What happens to records, in order.
    var changes: [IdentityChange] {
        // An earlier decision that holds again would lose against the later one: that one goes first.
        (before == nil ? [] : [.undo(pair)]) + (after.map { [.decide($0)] } ?? [])
    }
}
