public import Identifiers
public import Identity
public import Matching
public import ShardProtocol
public import Topology

/// A source record as stored.
public struct StoredRecord: Sendable {
    /// What names it.
    public var key: RecordKey
    /// Its address, also its FHIR logical id.
    public var id: RecordID
    /// Its version, from 1.
    public var version: UInt32
    /// Whether this version is its removal.
    public var deleted: Bool
    /// When it was last written, in milliseconds since 1970.
    public var updated: UInt64
    /// The golden identifier of its person; `nil` for a removed record.
    public var golden: GoldenID?
    /// The resource as the source sent it.
    public var document: [UInt8]
    /// Where the records of its person stand together; `nil` where it is the only one.
    var component: RecordID?
    /// The records of its person, itself among them, where they were read along with it.
    var person: [RecordID]?
    /// The rules by which it was decided last; `nil` where that is not known.
    public var rules: RuleSetVersion?
    /// The write that this version came by: its place in the change feed.
    public var sequence = Sequence.zero
    /// Whether it was taken before it could be searched for, and waits for that: it belongs to nobody yet.
    public var isUnsearched = false
}

/// Records in the order of their addresses.
public struct RecordsPage: Sendable {
    /// Live records.
    public var records: [StoredRecord]
    /// Pass it as `after` to go on; `nil` at the end.
    public var next: RecordID?

    /// Makes a page.
    public init(records: [StoredRecord] = [], next: RecordID? = nil) {
        self.records = records
        self.next = next
    }
}

/// A person: the records that are one human being.
public struct PersonView: Sendable {
    /// The golden identifier that is valid now; differs from the one asked for after a merge.
    public var golden: GoldenID
    /// Golden identifiers that were merged into this one.
    public var retired: [GoldenID]
    /// The members, in the order of their record ids.
    public var members: [StoredRecord]
}

/// One record that may be the person asked about.
public struct MatchedRecord: Sendable {
    /// How sure the match is, in the words of FHIR `match-grade`.
    public enum Grade: String, Sendable {
        /// Far above the match threshold.
        case certain
        /// Above the match threshold.
        case probable
        /// Above the review threshold only.
        case possible
    }

    /// The record.
    public var record: StoredRecord
    /// Its score.
    public var weight: MatchWeight
    /// The score in words.
    public var grade: Grade
    /// The probability that it is the same person (0 to 1), from the weight and the rule set's prior.
    public var probability: Double
}

/// The answer to `match`: best first.
public struct MatchAnswer: Sendable {
    /// What was found.
    public var matches: [MatchedRecord]
    /// Whether a block was cut, so that something may be missing.
    public var incomplete: Bool
    /// What the search cost.
    public var cost: SearchCost
    /// The rule set that scored.
    public var rules: RuleSetVersion
    /// Keys under which nobody could be searched, because the shard that has them does not answer.
    public var unsearched: [UnsearchedKey] = []
    /// Records that match and cannot be shown, because the shard that has them does not answer.
    public var unread = 0

    /// A key that could not be searched.
    public struct UnsearchedKey: Sendable, Equatable {
        /// The rule that makes such keys.
        public var rule: String
        /// Where it would be.
        public var slot: Slot
        /// Who does not answer.
        public var shard: ShardID

        /// Puts it together.
        public init(rule: String, slot: Slot, shard: ShardID) {
            self.rule = rule
            self.slot = slot
            self.shard = shard
        }
    }
}

/// Why two records are, or are not, one person.
public struct ExplainAnswer: Sendable {
    /// The two records.
    public var first: StoredRecord
    /// The second.
    public var second: StoredRecord
    /// Field by field.
    public var explanation: Explanation
    /// The rule set that scored.
    public var rules: RuleSetVersion
    /// Whether both belong to one person now.
    public var samePerson: Bool
    /// What joined them or keeps them apart; `nil` while a write is on its way.
    public var standing: PairStanding?
    /// The keys of the records that `standing` names, as far as they are there.
    public var names: [RecordID: RecordKey] = [:]
}

/// A page of the change feed.
public struct ChangesPage: Sendable {
    /// One write and what it changed.
    public struct Entry: Sendable {
        /// Its position; the stable event id is this and the index within `events`.
        public var sequence: Sequence
        /// When it was written, in milliseconds since 1970.
        public var at: UInt64
        /// The record that was written; `nil` where none was.
        public var record: ChangedRecord?
        /// What it changed.
        public var events: [IdentityEvent]
    }

    /// In order.
    public var entries: [Entry]
    /// Where to go on: pass it as `after`.
    public var next: Sequence
    /// Whether more is there already.
    public var more: Bool
}

/// A question for a data steward.
public struct ReviewItem: Sendable {
    /// The question.
    public var task: ReviewTask
    /// When it was raised, in milliseconds since 1970.
    public var raised: UInt64
}

/// One row of an export.
public struct LinkEntry: Sendable {
    /// The record.
    public var key: RecordKey
    /// Its address.
    public var id: RecordID
    /// The golden identifier of its person.
    public var golden: GoldenID
}

/// A page of an export.
public struct LinksPage: Sendable {
    /// Live records in the order of their addresses.
    public var entries: [LinkEntry]
    /// Where to go on; `nil` at the end.
    public var next: RecordID?
}

/// How the cluster is.
public struct ClusterStatus: Sendable {
    /// One shard.
    public struct Shard: Sendable {
        /// Which.
        public var id: ShardID
        /// Slots it owns.
        public var slots: Int
        /// What it says of itself, or why it does not answer.
        public var status: Result<ShardStatus, ShardError>
        /// Its replicas; empty where it has one copy.
        public var replicas: [ReplicaReport] = []
        /// How often this node asked for its slots, a minute.
        public var questions = 0
    }

    /// Whether this node takes writes.
    public var leading: Bool
    /// Why not, where it does not.
    public var reason: String
    /// The node that takes them in its place, and is asked by this one; `nil` while nobody is known to.
    public var leader: Leader?
    /// The reign.
    public var epoch: Epoch
    /// The last write that is durable everywhere, as a leader knows it; 0 on other nodes.
    public var through: Sequence
    /// The active rule set.
    public var rules: RuleSetVersion
    /// Writes waiting or under way.
    public var inFlight: Int
    /// The shards.
    public var shards: [Shard]
    /// Records that were taken before they could be searched for, and wait for that; told by the node that leads.
    public var unsearched = 0
    /// Whether the rules take new records while a shard does not answer.
    public var takesUnsearched = false
    /// Slots that this node asks for much more than for others, the hottest first.
    public var hot: [HotSlot] = []
}
