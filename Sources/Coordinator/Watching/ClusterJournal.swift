import Locks

/// What happened to the cluster, as this node saw it: the newest entries since the process started, in memory.
///
///     journal.note(.leading, "coordinator-2", "epoch 5")
///     for entry in journal.entries(after: 0) { print(entry.kind, entry.subject, entry.text) }
///
/// Layout and in-sync sets are told by every node, since every node follows the cluster map; why a replica was taken
/// out only by the node that led then.
public final class ClusterJournal: Sendable {
    /// What an entry is about.
    public enum Kind: String, Sendable, CaseIterable {
        /// A node began to lead.
        case leading
        /// A term of this node ended, or could not begin.
        case notLeading = "not-leading"
        /// A shard joined the cluster.
        case shardJoined = "shard-joined"
        /// A shard left the cluster.
        case shardLeft = "shard-left"
        /// A replica is in another state now.
        case replica
        /// Why a replica left the in-sync set.
        case replicaRemoved = "replica-removed"
        /// What it took to bring a replica back.
        case replicaReturned = "replica-returned"
        /// A store says that it is damaged, or copies differ.
        case damage
        /// A move of slots was planned, or is in another phase now.
        case move
        /// The control plane did not do what it was asked for.
        case controlPlane = "control-plane"
    }

    /// Something that happened.
    public struct Entry: Sendable, Equatable {
        /// Counts up from 1 while the process lives.
        public var number: UInt64
        /// When, in milliseconds since 1970.
        public var at: UInt64
        /// What it is about.
        public var kind: Kind
        /// Who or what it happened to.
        public var subject: String
        /// What happened, in words.
        public var text: String

        /// Puts an entry together.
        public init(number: UInt64, at: UInt64, kind: Kind, subject: String, text: String) {
            self.number = number
            self.at = at
            self.kind = kind
            self.subject = subject
            self.text = text
        }
    }

    /// Entries kept: days of a quiet cluster, and some hours of one that has trouble.
    public static let limit = 1_000

    private let clock: any CoordinatorClock
    private let entries = Mutex<(last: UInt64, kept: [Entry])>((0, []))

    /// Begins empty.
    public init(clock: any CoordinatorClock) { self.clock = clock }

    /// Notes that something happened.
    public func note(_ kind: Kind, _ subject: String, _ text: String) {
        let now = clock.milliseconds()
        entries.withLock { entries in
            entries.last += 1
            entries.kept.append(Entry(number: entries.last, at: now, kind: kind, subject: subject, text: text))
            if entries.kept.count > Self.limit { entries.kept.removeFirst(entries.kept.count - Self.limit) }
        }
    }

    /// What happened after an entry, the oldest first; 0 for all that is kept.
    public func entries(after number: UInt64) -> [Entry] {
        entries.withLock { $0.kept.filter { $0.number > number } }
    }
}
