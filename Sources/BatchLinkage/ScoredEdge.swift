import Identifiers

/// A pair of record positions, the lesser first, and its weight.
struct ScoredEdge: Sendable {
    var first: UInt32
    var second: UInt32
    var weight: MatchWeight
}
