import Identifiers
import Identity
import Matching
import ShardProtocol

/// Everything that is stored of one record, as the shards that should have it say.
struct RecordState {
    /// What a shard has of the record under one key.
    struct Posting {
        var key: BlockingKey
        var owner: ShardID
        var sketch: SketchBits?
    }

    var id: RecordID
    /// A row that cannot be decoded, with table and key; the rest was not looked at then.
    var fault: String?
    var home: HomeRow?
    var link: LinkRow?
    /// One for each key of the home row.
    var postings: [Posting] = []
    /// The feature row on each shard that should have one.
    var features: [(shard: ShardID, row: [UInt8]?)] = []
    /// The component that the link names.
    var component: Component?
    /// The golden rows of everything that is anchored at the record or in its component.
    var anchors: [(golden: GoldenID, record: RecordID, row: GoldenRow?)] = []

    /// Whether it lives and nothing of its own says who it is.
    var isLinkless: Bool { home?.deleted == false && link == nil }
}
