public import Identifiers

/// How strictly each guard forbids a merge.
///
/// Facts are hashes, so a guard cannot see that two identifiers differ by one digit only. The score can: it compared
/// the values. A guard is therefore excused by a direct edge between two such values that passes the match threshold
/// by a margin; the excuse holds for the two *values*, wherever else they occur in the component.
public struct GuardPolicy: Hashable, Sendable {
    /// What it takes to pass a guard.
    public enum Strictness: Hashable, Sendable {
        /// The guard is not asked.
        case off
        /// The guard forbids unless an edge between the two values exceeds the match threshold by this margin.
        case unless(margin: MatchWeight)
        /// Only a must-link decision passes the guard.
        case always
    }

    /// Two different verified identifiers of one authority.
    ///
    /// Moderate by default, since national identifiers are typed by hand.
    public var differentIdentifiers: Strictness
    /// Different order of birth.
    ///
    /// Always by default: twins share all else.
    public var differentBirthOrder: Strictness
    /// Different sex and different given name.
    public var differentSexAndName: Strictness
    /// Birth dates that contradict each other wholly, and different given names.
    public var contradictingBirthDates: Strictness
    /// Years that birth dates may lie apart without contradicting each other.
    public var birthYearTolerance: Int

    /// States a policy.
    public init(
        differentIdentifiers: Strictness = .unless(margin: MatchWeight(millibits: 6_000)),
        differentBirthOrder: Strictness = .always,
        differentSexAndName: Strictness = .unless(margin: MatchWeight(millibits: 8_000)),
        contradictingBirthDates: Strictness = .unless(margin: MatchWeight(millibits: 8_000)),
        birthYearTolerance: Int = 2
    ) {
        self.differentIdentifiers = differentIdentifiers
        self.differentBirthOrder = differentBirthOrder
        self.differentSexAndName = differentSexAndName
        self.contradictingBirthDates = contradictingBirthDates
        self.birthYearTolerance = birthYearTolerance
    }

    /// The defaults.
    public static let moderate = GuardPolicy()
    /// No guard at all.
    public static let none = GuardPolicy(
        differentIdentifiers: .off,
        differentBirthOrder: .off,
        differentSexAndName: .off,
        contradictingBirthDates: .off
    )

    func strictness(of reason: GuardReason) -> Strictness {
        switch reason {
        case .differentIdentifiers: differentIdentifiers
        case .differentBirthOrder: differentBirthOrder
        case .differentSexAndName: differentSexAndName
        case .contradictingBirthDates: contradictingBirthDates
        }
    }
}
