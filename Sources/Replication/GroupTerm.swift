import Identifiers
import ShardProtocol

/// What the leader of a group knows while it leads.
///
/// Commit messages are numbered anew for the replicas: a replica that catches up gets messages in between that others
/// do not get, and a caller's repetition must be known as one.
struct GroupTerm: Sendable {
    /// A replica that catches up: it gets all commits, but nobody relies on it.
    struct Catching: Sendable {
        let name: String
        /// The last number that it answered.
        var acked: UInt64
        /// Why it cannot go on.
        var failure: ShardError?
    }

    let epoch: Epoch
    /// Replicas that have all that was acknowledged, in the order of the map.
    var inSync: [String]
    var catching: Catching?
    /// The last number that all in-sync replicas answered.
    private(set) var acked: UInt64
    /// The sequence through which the group has everything.
    private(set) var through: Sequence
    private var number: UInt64
    /// A caller's message that is not yet on all replicas, and its number here.
    private(set) var pending: (caller: UInt64, number: UInt64)?

    init(epoch: Epoch, inSync: [String], number: UInt64, through: Sequence) {
        self.epoch = epoch
        self.inSync = inSync
        self.number = number
        self.through = through
        acked = number
    }

    /// What an in-sync replica must have reached, or it is none.
    var guarding: StorePosition { StorePosition(epoch, acked) }

    /// A number for a message of the group's own.
    mutating func nextNumber() -> UInt64 {
        number += 1
        return number
    }

    /// The number of a caller's message: the same when it is repeated.
    mutating func number(forCaller caller: UInt64) -> UInt64 {
        if let pending, pending.caller == caller { return pending.number }
        let number = nextNumber()
        pending = (caller, number)
        return number
    }

    /// All in-sync replicas have a message.
    mutating func acknowledge(_ number: UInt64, through: Sequence) {
        acked = max(acked, number)
        self.through = max(self.through, through)
        if pending?.number == number { pending = nil }
    }
}
