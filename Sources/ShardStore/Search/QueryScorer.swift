public import Identifiers
public import Matching

/// What a candidate search needs of a prepared record.
public protocol QueryScorer: ~Copyable {
    /// Whether a record with this sketch may weigh a floor.
    borrowing func reaches(_ floor: MatchWeight, _ candidate: Sketch) -> Bool
    /// The weight of the pair, given the candidate's feature row; where it is below the floor, any weight below.
    borrowing func score(_ row: UnsafeRawBufferPointer, atLeast floor: MatchWeight) -> MatchWeight
}

extension PreparedQuery: QueryScorer {}
