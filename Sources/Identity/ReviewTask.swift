public import Identifiers

/// A question to a steward about two records.
public struct ReviewTask: Hashable, Comparable, Sendable {
    /// Why the rules did not decide alone.
    public enum Reason: Hashable, Sendable {
        /// The weight is above the review threshold and below the match threshold.
        case weightInReviewBand
        /// The weight says one person, a guard says two.
        case guardForbade(GuardReason)
        /// The component passed its size bound, so that only heavier edges than usual joined records in it; or a record
        /// in it resembles as many others as are kept track of.
        case componentTooLarge
        /// A decision contradicts later ones and was not followed.
        case decisionConflict
        /// The weight of the two says one person, the records around them say two (average linkage).
        case othersDisagree
    }

    /// The two records; for `componentTooLarge` the two smallest of the component.
    public var pair: RecordPair
    /// Why the question arises.
    public var reason: Reason
    /// The pair's weight; zero where the reason is not a weight.
    public var weight: MatchWeight
    /// How much harm a wrong answer does, 0 to 1,000; the highest is asked first.
    public var harm: UInt16

    /// States a question.
    public init(pair: RecordPair, reason: Reason, weight: MatchWeight, harm: UInt16) {
        self.pair = pair
        self.reason = reason
        self.weight = weight
        self.harm = harm
    }

    /// Orders by pair, then by reason.
    public static func < (left: ReviewTask, right: ReviewTask) -> Bool {
        (left.pair, left.reason.code) < (right.pair, right.reason.code)
    }
}

extension ReviewTask.Reason {
    /// The stored number: frozen.
    public var code: UInt8 {
        switch self {
        case .weightInReviewBand: 1
        case .componentTooLarge: 2
        case .decisionConflict: 3
        case .othersDisagree: 4
        case .guardForbade(let reason): 16 + reason.rawValue
        }
    }

    init?(code: UInt8) {
        switch code {
        case 1: self = .weightInReviewBand
        case 2: self = .componentTooLarge
        case 3: self = .decisionConflict
        case 4: self = .othersDisagree
        default:
            guard code > 16, let reason = GuardReason(rawValue: code - 16) else { return nil }
            self = .guardForbade(reason)
        }
    }
}
