public import Identifiers

/// What an operator settles about stewards and about updates that only a steward may let pass.
public struct StewardPolicy: Sendable, Hashable {
    /// Records of one person from which on it takes two stewards to put it together; 0: one is always enough.
    public var fourEyesFrom = 0
    /// When an update is held because it makes a record look like somebody else; `nil`: never.
    public var overlay: OverlayGuard?

    /// One steward is enough, and nothing is held.
    public init() {}
}

/// When an update makes a record look like somebody else (an *overlay*: one patient's data written over another's).
public struct OverlayGuard: Sendable, Hashable {
    /// Held below this weight of the new version against the old one.
    ///
    /// Two strangers lie below -15 bits under the standard rules; a new name after marriage with a new address lies
    /// well above the match threshold, a child that is given its name as well.
    public var floor = MatchWeight(millibits: -6_000)
    /// Held where the new version matches another person by this much beyond the match threshold while it does not
    /// match its own old version.
    public var margin = MatchWeight(millibits: 8_000)

    /// The defaults.
    public init() {}
}
