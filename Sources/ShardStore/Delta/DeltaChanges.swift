internal import ShardProtocol

/// The content of a frozen delta as changes in key order.
struct DeltaChanges: ChangeSource {
    private let delta: Delta
    private var table = 0
    private var order: [UInt32]
    private var next = 0

    init(_ delta: Delta) {
        self.delta = delta
        order = delta.table(StateTable.allCases[0]).sorted()
    }

    mutating func nextRow() -> RowChange? {
        while table < StateTable.allCases.count {
            let current = StateTable.allCases[table]
            if next < order.count {
                let entry = delta.table(current).entries[Int(order[next])]
                next += 1
                guard case .value(let value) = delta.finding(entry) else { return RowChange(current, entry.key, nil) }
                return RowChange(current, entry.key, value)
            }
            table += 1
            next = 0
            order =
                table < StateTable.allCases.count
                ? delta.table(StateTable.allCases[table]).sorted() : delta.postings.sorted()
        }
        return nil
    }

    mutating func nextPosting() -> PostingChange? {
        guard next < order.count else { return nil }
        let entry = delta.postings.entries[Int(order[next])]
        next += 1
        return PostingChange(key: entry.hash, record: entry.sub, sketch: entry.sketch, isRemoved: entry.isRemoved)
    }
}
