public import Identifiers

/// What became of one submission; given only when it is durable.
public enum SubmissionOutcome: Sendable, Equatable {
    /// A record as it stands after the write.
    public struct Stored: Sendable, Equatable {
        /// What names the record.
        public var key: RecordKey
        /// Its address.
        public var id: RecordID
        /// The golden identifier of its person.
        public var golden: GoldenID
        /// Its version, from 1.
        public var version: UInt32
        /// Whether this write made the record.
        public var created: Bool
        /// Whether the very same document was stored before, so that nothing was written.
        public var unchanged: Bool
        /// When it was last written, in milliseconds since 1970.
        public var updated: UInt64

        /// Makes an answer.
        public init(
            key: RecordKey,
            id: RecordID,
            golden: GoldenID,
            version: UInt32,
            created: Bool,
            unchanged: Bool,
            updated: UInt64
        ) {
            self.key = key
            self.id = id
            self.golden = golden
            self.version = version
            self.created = created
            self.unchanged = unchanged
            self.updated = updated
        }
    }

    /// An update that is kept for a steward, since it makes the record look like somebody else.
    public struct Held: Sendable, Equatable {
        /// What names the record.
        public var key: RecordKey
        /// Its address.
        public var id: RecordID
        /// The golden identifier of its person.
        public var golden: GoldenID
        /// The version that stands.
        public var version: UInt32

        /// Makes an answer.
        public init(key: RecordKey, id: RecordID, golden: GoldenID, version: UInt32) {
            self.key = key
            self.id = id
            self.golden = golden
            self.version = version
        }
    }

    /// A record that was taken before it could be searched for, as the rules allow while a shard does not answer.
    ///
    /// It is durable, and is stored and linked by itself as soon as all shards answer; until then it belongs to nobody.
    public struct Waiting: Sendable, Equatable {
        /// What names the record.
        public var key: RecordKey
        /// Its address.
        public var id: RecordID
        /// Its keys that nobody answers for.
        public var unsearched: [MatchAnswer.UnsearchedKey]

        /// Makes an answer.
        public init(key: RecordKey, id: RecordID, unsearched: [MatchAnswer.UnsearchedKey]) {
            self.key = key
            self.id = id
            self.unsearched = unsearched
        }
    }

    /// Stored and linked.
    case stored(Stored)
    /// Kept for a steward; the record stays as it was.
    case held(Held)
    /// Durable, and not searched for yet.
    case waiting(Waiting)
    /// Removed; the version is that of the removal.
    case removed(RecordKey, version: UInt32)
    /// Not done, and repeating it will not help.
    case refused(Refusal)
    /// Not done or not known to be done; repeat it later, it is idempotent.
    case unavailable(reason: String, retryAfterSeconds: Int)

    /// Why a write was refused.
    public enum Refusal: Sendable, Equatable {
        /// The stored version is another one than the caller expected; 0 where there is none.
        case versionConflict(current: UInt32)
        /// There is no such record to remove.
        case notFound
        /// Another record took the place of this one: it takes no further versions of its own.
        case replaced
        /// The record exists already though it was to be new.
        case alreadyExists
        /// Another key has the same 64-bit address; the record cannot be stored.
        case addressCollision(with: RecordKey)
        /// Whoever hands it in may not write records of this source.
        case forbidden
    }
}
