public import Identifiers

/// Slots on their way from one group to another.
public struct SlotMove: Sendable, Equatable {
    /// How far a move is.
    public enum Phase: String, Sendable, CaseIterable {
        /// Decided; nothing was copied yet.
        case planned
        /// Rows stream to the target; writes go to both.
        case copying
        /// The target has everything the source has, proved by digests; writes go to both.
        case caughtUp = "caught-up"
        /// The target owns the slots; the source still holds what it had.
        case flipped
        /// The source has dropped the slots: the move is done.
        case dropped
        /// Given up; the source owns the slots as before.
        case aborted

        /// Whether nothing more happens to the move.
        public var isOver: Bool { self == .dropped || self == .aborted }
        /// Whether writes go to the target as well as to the source.
        public var writesBoth: Bool { self == .copying || self == .caughtUp }
    }

    /// Moves that a map remembers at most, finished ones included: the map stays small enough for a control plane.
    public static let limit = 1_024

    /// Counts up through the life of a cluster.
    public var id: UInt64
    /// Half-open ranges of slot numbers: ascending, apart from each other, none empty.
    public var slots: [Range<Int>]
    /// The group that owned them at first.
    public var source: ShardID
    /// The group that is to own them.
    public var target: ShardID
    /// How far it is.
    public var phase: Phase
    /// Whether an operator holds it.
    public var isPaused: Bool
    /// How fast rows may stream; 0 for as fast as they can.
    public var bytesPerSecond: UInt64

    /// Plans a move.
    public init(
        id: UInt64,
        slots: [Range<Int>],
        source: ShardID,
        target: ShardID,
        phase: Phase = .planned,
        isPaused: Bool = false,
        bytesPerSecond: UInt64 = 0
    ) {
        self.id = id
        self.slots = slots
        self.source = source
        self.target = target
        self.phase = phase
        self.isPaused = isPaused
        self.bytesPerSecond = bytesPerSecond
    }

    /// Whether a slot is among those that move.
    public func contains(_ slot: Slot) -> Bool { holds(Int(slot.rawValue)) }

    /// Whether the slot of a number is among those that move.
    func holds(_ slot: Int) -> Bool { slots.contains { $0.contains(slot) } }

    /// How many slots move.
    public var slotCount: Int { slots.reduce(0) { $0 + $1.count } }

    /// Refuses a move that breaks an invariant of its own.
    func check() throws(TopologyError) {
        guard !slots.isEmpty else { throw .broken("move \(id) moves nothing") }
        guard source != target else { throw .broken("move \(id) goes from \(source) to itself") }
        var end = -1
        for range in slots {
            // Ranges that touch would be two writings of one.
            guard !range.isEmpty, range.lowerBound > end, range.upperBound <= Slot.count else {
                throw .broken("move \(id) has empty, unordered or unknown slots")
            }
            end = range.upperBound
        }
    }
}
