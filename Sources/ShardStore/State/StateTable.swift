public import ShardProtocol

/// The tables of a state; numbers are part of the stored format.
public enum StateTable: UInt8, Sendable, CaseIterable {
    /// What concerns this store alone: its rule sets, by digest. Never moved to another shard.
    case local = 0
    /// `StoreTable.home`.
    case home = 1
    /// `StoreTable.history`.
    case history = 2
    /// `StoreTable.link`.
    case link = 3
    /// `StoreTable.component`.
    case component = 4
    /// `StoreTable.golden`.
    case golden = 5
    /// `StoreTable.feature`.
    case feature = 6
    /// `StoreTable.change`.
    case change = 7
    /// `StoreTable.intent`.
    case intent = 8
    /// `StoreTable.review`.
    case review = 9
    /// `StoreTable.meta`.
    case meta = 10

    /// The table of the same name.
    @inlinable
    public init(_ table: StoreTable) {
        switch table {
        case .home: self = .home
        case .history: self = .history
        case .link: self = .link
        case .component: self = .component
        case .golden: self = .golden
        case .feature: self = .feature
        case .change: self = .change
        case .intent: self = .intent
        case .review: self = .review
        case .meta: self = .meta
        }
    }

    /// Whether rows have a second key part after the hash.
    @inlinable public var hasSubkey: Bool {
        switch self {
        case .history, .change, .intent: true
        default: false
        }
    }
}
