public import Identifiers

/// Which rule sets there are, which one decides, and the change that is under way; kept beside the records.
public struct RuleBook: Sendable, Equatable {
    /// A rule set that was put.
    public struct Version: Sendable, Equatable {
        /// The digest of what it compiles to.
        public var version: RuleSetVersion
        /// What people call it.
        public var name: String
        /// When it was put, milliseconds since 1970.
        public var at: UInt64
        /// Who put it.
        public var by: String
        /// Why.
        public var comment: String
        /// Bytes that are stored of it.
        public var bytes: Int
    }

    /// One thing that was done about which rules decide.
    public struct Turn: Sendable, Equatable {
        /// What was done.
        public enum Kind: UInt8, Sendable {
            /// It was to become the rules.
            case activated = 1
            /// It was to become the rules again.
            case rolledBack = 2
            /// It was given up before anything was decided by it.
            case cancelled = 3
            /// Every record was decided by it.
            case completed = 4
        }

        /// The rule set.
        public var version: RuleSetVersion
        /// What was done.
        public var kind: Kind
        /// When, milliseconds since 1970.
        public var at: UInt64
        /// Who did it.
        public var by: String
        /// Why.
        public var comment: String
    }

    /// A change from one rule set to another.
    public struct Transition: Sendable, Equatable {
        /// How far it is.
        public enum Phase: UInt8, Sendable {
            /// Records are posted under the keys of the new rules; the old ones decide.
            case indexing = 1
            /// Records are decided by the new rules.
            case resolving = 2
        }

        /// Counts the changes: tells this one from others.
        public var number: UInt64
        /// The rules before.
        public var from: RuleSetVersion
        /// The rules after.
        public var to: RuleSetVersion
        /// How far it is.
        public var phase: Phase
        /// Slots that are done in this phase.
        public var slot: Int
        /// Whether it rests.
        public var isPaused: Bool
        /// Records that may be looked at a second; 0 for as many as can.
        public var recordsPerSecond: UInt64
        /// When it began, milliseconds since 1970.
        public var at: UInt64
        /// Who began it.
        public var by: String
    }

    /// Most rule sets that a registry keeps: each may be megabytes, and they are never forgotten.
    public static let versionLimit = 256
    /// Most turns that are remembered; the oldest go first.
    public static let turnLimit = 1_024

    /// In the order in which they were put.
    public var versions: [Version] = []
    /// In order.
    public var turns: [Turn] = []
    /// The rules that decide when no change is under way; `nil`: those that the coordinators were started with.
    public var active: RuleSetVersion?
    /// The change that is under way.
    public var transition: Transition?
    /// How many changes were begun.
    public var changes: UInt64 = 0
    /// Counts the changes that got as far as deciding, modulo 64.
    public var generation: UInt8 = 0
    /// The candidate that is tried on live writes.
    public var shadow: RuleSetVersion?

    /// An empty book.
    public init() {}

    /// A rule set that was put.
    public func entry(_ version: RuleSetVersion) -> Version? { versions.first { $0.version == version } }

    /// The rules that decide now; `nil`: those that the coordinators were started with.
    public var deciding: RuleSetVersion? {
        guard let transition else { return active }
        return transition.phase == .indexing ? transition.from : transition.to
    }

    /// The rules that decided before those of now.
    public var previous: RuleSetVersion? {
        guard let deciding else { return nil }
        if let transition, transition.phase == .resolving { return transition.from }
        let done = turns.filter { $0.kind == .completed }.map(\.version)
        return done.last { $0 != deciding }
    }

    /// What of the book tells the plan.
    var plan: [UInt64] {
        [active?.digest ?? 0, UInt64(generation), transition?.from.digest ?? 0, transition?.to.digest ?? 0]
            + [UInt64(transition?.phase.rawValue ?? 0)]
    }

    mutating func note(_ turn: Turn) {
        turns.append(turn)
        turns.removeFirst(max(0, turns.count - Self.turnLimit))
    }
}
