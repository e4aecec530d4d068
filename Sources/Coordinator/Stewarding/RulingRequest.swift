import Identifiers
import Identity

/// An order with who gives it and why.
public struct RulingRequest: Sendable, Hashable {
    /// What is to be ruled.
    public var order: RulingOrder
    /// Who rules.
    public var by: String
    /// Why.
    public var comment: String
    /// The effect that was shown to the steward; another one is refused.
    public var expected: UInt64?
    /// Records whose standing the leader has to look up besides those that the order names.
    var records: [RecordID] = []

    /// States a request.
    public init(_ order: RulingOrder, by: String, comment: String = "", expected: UInt64? = nil) {
        self.order = order
        self.by = by
        self.comment = comment
        self.expected = expected
    }

    /// Every record whose component has to be known.
    var standing: [RecordID] {
        switch order {
        case .persons(let order): order.records
        case .stated(_, let pair), .free(let pair): [pair.a, pair.b]
        case .undo, .approve, .decline, .release, .reject: records
        }
    }
}
