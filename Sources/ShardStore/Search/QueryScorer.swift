public import Identifiers
public import Matching

/// What a candidate search needs of a prepared record.
public protocol QueryScorer: ~Copyable {
    /// A weight that no record with this sketch can exceed.
    borrowing func upperBound(_ candidate: Sketch) -> MatchWeight
    /// The weight of the pair, given the candidate's feature row; where it is below the floor, any weight below.
    borrowing func score(_ row: UnsafeRawBufferPointer, atLeast floor: MatchWeight) -> MatchWeight
}

extension PreparedQuery: QueryScorer {}
