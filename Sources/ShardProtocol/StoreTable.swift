/// The tables of a shard; numbers are part of the stored format and of the wire.
public enum StoreTable: UInt8, Sendable, CaseIterable {
    /// The truth: a source record's document, version and keys, by record.
    case home = 1
    /// Earlier versions of a document, by record and version.
    case history = 2
    /// Where a record stands: its golden identifier and component, by record.
    case link = 3
    /// The members, edges and decisions of records that belong together, by component.
    case component = 4
    /// The record that anchors a golden identifier, by golden identifier.
    case golden = 5
    /// The compact comparable form of a record, by record; on each shard that has a posting of it.
    case feature = 6
    /// The change feed, by feed block and sequence.
    case change = 7
    /// Writes that are decided but not yet confirmed by every shard, by intent block and sequence.
    case intent = 8
    /// Questions for data stewards, by review.
    case review = 9
    /// What the cluster as a whole remembers: installed rule sets, format versions, by name.
    case meta = 10

    /// Whether rows have a second key part after the hash.
    public var hasSubkey: Bool {
        switch self {
        case .history, .change, .intent: true
        default: false
        }
    }
}
