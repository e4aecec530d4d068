public import Identifiers

/// What a rule set says about identity: thresholds, guards and bounds.
///
/// Part of the rule set's version.
public struct IdentityPolicy: Hashable, Sendable {
    /// How much of the evidence between two groups of records must speak for one person.
    public enum Linkage: Hashable, Sendable {
        /// One edge joins two groups, however large.
        case single
        /// The mean over all pairs across two groups must reach the match threshold; a pair without a match edge
        /// counts as `absent` below the threshold.
        ///
        /// `growth` is what the sizes of the two groups add to the mean: row a, column b (b not above a) for groups of
        /// a and b records, counted from 1; larger groups count as the largest listed.
        case average(absent: MatchWeight, growth: [[MatchWeight]] = [])
    }

    /// Records at or above it are joined.
    public var matchThreshold: MatchWeight
    /// Pairs at or above it, and below the match threshold, are shown to a steward.
    public var reviewThreshold: MatchWeight
    /// What may forbid a merge.
    public var guards: GuardPolicy
    /// Members up to which a component is taken at its word; a person with more records is a sign of bad data.
    public var sizeBound: Int
    /// How far beyond the match threshold an edge must be to join records in a component past `sizeBound`.
    public var crowdedMargin: MatchWeight
    /// Match edges that a record holds on to; a record with that many is a sign of bad data.
    public var neighbourBound: Int
    /// How edges become persons.
    public var linkage: Linkage

    /// States a policy.
    ///
    /// - Parameters:
    ///   - matchThreshold: records at or above it are joined.
    ///   - reviewThreshold: must not exceed the match threshold.
    ///   - guards: what may forbid a merge.
    ///   - sizeBound: 2 ... `IdentityLimits.members`.
    ///   - crowdedMargin: must not be negative.
    ///   - neighbourBound: 1 ... `IdentityLimits.neighbours`.
    ///   - linkage: how edges become persons.
    public init(
        matchThreshold: MatchWeight,
        reviewThreshold: MatchWeight,
        guards: GuardPolicy = .moderate,
        sizeBound: Int = 512,
        crowdedMargin: MatchWeight = MatchWeight(millibits: 10_000),
        neighbourBound: Int = IdentityLimits.neighbours,
        linkage: Linkage = .single
    ) {
        precondition(reviewThreshold <= matchThreshold, "the review threshold lies above the match threshold")
        precondition(sizeBound >= 2 && sizeBound <= IdentityLimits.members, "the size bound is out of range")
        precondition(crowdedMargin >= .zero, "the crowded margin is negative")
        precondition((1...IdentityLimits.neighbours).contains(neighbourBound), "the neighbour bound is out of range")
        self.matchThreshold = matchThreshold
        self.reviewThreshold = reviewThreshold
        self.guards = guards
        self.sizeBound = sizeBound
        self.crowdedMargin = crowdedMargin
        self.neighbourBound = neighbourBound
        self.linkage = linkage
    }
}
