internal import Identifiers
internal import ShardProtocol

/// Collects one page of postings in the order of keys and records from the deltas and the state together.
struct PostingScan {
    /// The postings of one delta in order, from a place on.
    private struct DeltaRun {
        let table: DeltaTable
        let order: [UInt32]
        var next: Int

        init(_ delta: Delta, from place: StoreKey) {
            table = delta.postings
            order = table.keptOrder()
            var low = 0
            var high = order.count
            while low < high {
                let middle = (low + high) / 2
                if table.entries[Int(order[middle])].key < place { low = middle + 1 } else { high = middle }
            }
            next = low
        }

        var head: DeltaEntry? { next < order.count ? table.entries[Int(order[next])] : nil }
    }

    private let through: UInt64
    private let limit: Int
    private var runs: [DeltaRun]
    private var rows: [PostingsAnswer.Row] = []
    private var next: StoreKey?

    /// Answers a request.
    static func run(_ request: PostingsRequest, _ view: StoreView) throws(StoreError) -> PostingsAnswer {
        let start = StoreKey(request.from, sub: request.record.rawValue)
        var scan = PostingScan(request, view, from: start)
        try view.state.walkPostings(from: request.from) { posting in
            let place = StoreKey(posting.key, sub: posting.record)
            guard place >= start else { return true }
            guard posting.key <= request.through, scan.addChanges(before: place) else { return false }
            return scan.isChanged(place) ? scan.takeChange(place) : scan.add(place, posting.sketch)
        }
        _ = scan.addChanges(before: nil)
        return PostingsAnswer(rows: scan.rows, next: scan.next)
    }

    private init(_ request: PostingsRequest, _ view: StoreView, from start: StoreKey) {
        through = request.through
        limit = min(max(request.limit, 1), PostingsRequest.limit)
        runs = [DeltaRun(view.active, from: start)]
        if let frozen = view.frozen { runs.append(DeltaRun(frozen, from: start)) }
    }

    /// Adds the deltas' postings before a place, or all that are left; answers whether there is room for more.
    private mutating func addChanges(before bound: StoreKey?) -> Bool {
        while next == nil, let place = runs.compactMap({ $0.head?.key }).min(), place.hash <= through {
            if let bound, place >= bound { return true }
            if !takeChange(place) { return false }
        }
        return next == nil
    }

    private func isChanged(_ place: StoreKey) -> Bool { runs.contains { $0.head?.key == place } }

    /// Adds what the newest delta says of a place and steps over it in all of them.
    private mutating func takeChange(_ place: StoreKey) -> Bool {
        var isDecided = false
        for index in runs.indices {
            guard let entry = runs[index].head, entry.key == place else { continue }
            if !isDecided, !entry.isRemoved, !add(place, entry.sketch) { return false }
            isDecided = true
            runs[index].next += 1
        }
        return true
    }

    /// Adds a posting, or notes it as the start of the next page; answers whether there is room for more.
    private mutating func add(_ place: StoreKey, _ sketch: SketchBits) -> Bool {
        guard rows.count < limit else {
            next = place
            return false
        }
        rows.append(PostingsAnswer.Row(key: place.hash, record: RecordID(place.sub), sketch: sketch))
        return true
    }
}
