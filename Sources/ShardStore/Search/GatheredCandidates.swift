internal import ShardProtocol

/// What the blocks of one query brought up: records whose rows must be compared with it.
struct GatheredCandidates {
    /// Each with the first key that found it.
    var records: [(record: UInt64, key: UInt64)] = []
    /// Keys whose blocks were longer than what is read of them.
    var cutKeys: [UInt64] = []

    /// Asks for where the rows stand.
    func announceRows(_ view: StoreView) {
        for one in records { view.announce(.feature, StoreKey(one.record)) }
    }

    /// Asks for the rows, after `announceRows`.
    func expectRows(_ view: StoreView) {
        for one in records { view.expect(.feature, StoreKey(one.record)) }
    }
}
