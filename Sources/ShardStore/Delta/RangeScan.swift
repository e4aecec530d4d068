internal import ShardProtocol

/// Walks the rows of one delta's table in key order.
private struct DeltaRun {
    let delta: Delta
    let table: DeltaTable
    let order: [UInt32]
    var next: Int

    init(_ delta: Delta, _ table: StateTable, from key: StoreKey) {
        self.delta = delta
        self.table = delta.table(table)
        order = self.table.keptOrder()
        var low = 0
        var high = order.count
        while low < high {
            let middle = (low + high) / 2
            if self.table.entries[Int(order[middle])].key < key { low = middle + 1 } else { high = middle }
        }
        next = low
    }

    var head: DeltaEntry? { next < order.count ? table.entries[Int(order[next])] : nil }
}

/// Collects one page of a table's rows in key order from the deltas and the state together.
struct RangeScan {
    private let request: ScanRequest
    private let rowLimit: Int
    private var runs: [DeltaRun]
    private var rows: [ScanAnswer.Row] = []
    private var bytes = 0
    private var next: StoreKey?

    /// Answers a scan.
    static func run(_ request: ScanRequest, _ view: StoreView) throws(StoreError) -> ScanAnswer {
        var scan = RangeScan(request, view)
        try view.state.walk(StateTable(request.table), from: request.from) { key, value in
            guard key.hash <= request.through, scan.addChanges(before: key) else { return false }
            return scan.isChanged(key) ? scan.takeChange(key) : scan.add(key, value)
        }
        _ = scan.addChanges(before: nil)
        return ScanAnswer(rows: scan.rows, next: scan.next)
    }

    private init(_ request: ScanRequest, _ view: StoreView) {
        self.request = request
        rowLimit = min(max(request.limit, 1), ScanRequest.rowLimit)
        let table = StateTable(request.table)
        runs = [DeltaRun(view.active, table, from: request.from)]
        if let frozen = view.frozen { runs.append(DeltaRun(frozen, table, from: request.from)) }
    }

    /// Adds the deltas' rows before a key, or all that are left; answers whether there is room for more.
    private mutating func addChanges(before bound: StoreKey?) -> Bool {
        while next == nil, let key = runs.compactMap({ $0.head?.key }).min(), key.hash <= request.through {
            if let bound, key >= bound { return true }
            if !takeChange(key) { return false }
        }
        return next == nil
    }

    private func isChanged(_ key: StoreKey) -> Bool { runs.contains { $0.head?.key == key } }

    /// Adds what the newest delta says of a key and steps over it in all of them.
    private mutating func takeChange(_ key: StoreKey) -> Bool {
        var isDecided = false
        for index in runs.indices {
            guard let entry = runs[index].head, entry.key == key else { continue }
            if !isDecided, case .value(let value) = runs[index].delta.finding(entry), !add(key, value) { return false }
            isDecided = true
            runs[index].next += 1
        }
        return true
    }

    /// Adds a row, or notes it as the start of the next page; answers whether there is room for more.
    private mutating func add(_ key: StoreKey, _ value: UnsafeRawBufferPointer) -> Bool {
        guard rows.count < rowLimit, bytes < ScanRequest.byteLimit else {
            next = key
            return false
        }
        rows.append(ScanAnswer.Row(key: key, value: [UInt8](value)))
        bytes += value.count
        return true
    }
}
