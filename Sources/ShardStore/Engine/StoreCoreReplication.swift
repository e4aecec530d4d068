internal import Bytes
internal import Identifiers
internal import Matching
import ShardProtocol

/// What replicas of a group are compared and filled by.
extension StoreCore {
    /// Where the store stands.
    var position: StorePosition { StorePosition(active.mark.epoch, active.mark.message) }

    func postings(_ request: PostingsRequest) throws(StoreError) -> ShardAnswer {
        .postings(try view { view throws(StoreError) in try PostingScan.run(request, view) })
    }

    func posted(_ request: PostedRequest) throws(StoreError) -> ShardAnswer {
        let sketches = try view { view throws(StoreError) in
            var sketches: [SketchBits?] = []
            sketches.reserveCapacity(request.places.count)
            for place in request.places {
                let record = RecordID(place.sub)
                let one = PostingsRequest(from: place.hash, record: record, through: place.hash, limit: 1)
                let row = try PostingScan.run(one, view).rows.first
                sketches.append(row.flatMap { $0.place == place ? $0.sketch : nil })
            }
            return sketches
        }
        return .posted(PostedAnswer(sketches: sketches))
    }

    func digest(_ request: DigestRequest) throws(StoreError) -> ShardAnswer {
        let slots = request.slots
        guard let first = slots.first, let last = slots.last else { return .digest([]) }
        var digests = [SlotDigest](repeating: SlotDigest(), count: slots.count)
        try view { view throws(StoreError) in
            try StoreCore.addRows(from: first, through: last, request.scope, view, to: &digests)
            try StoreCore.addPostings(from: first, through: last, view, to: &digests)
        }
        return .digest(digests)
    }

    func tailAnswer(withOperations: Bool) -> ShardAnswer {
        .tail(
            TailAnswer(
                position: position,
                last: tail.position,
                previous: tail.previous,
                through: active.mark.through,
                operations: withOperations ? tail.entry?.payload ?? [] : []
            )
        )
    }

    func ruleSets() -> ShardAnswer { .ruleSets(rules.map { $0.set.encoded() }) }

    private static func addRows(
        from first: Slot,
        through last: Slot,
        _ scope: DigestRequest.Scope,
        _ view: StoreView,
        to digests: inout [SlotDigest]
    ) throws(StoreError) {
        for table in StoreTable.allCases where scope.holds(table) {
            var from: StoreKey? = StoreKey(first.firstHash)
            while let start = from {
                let page = try RangeScan.run(
                    ScanRequest(table: table, from: start, through: last.lastHash, limit: digestPage),
                    view
                )
                for row in page.rows {
                    let place = Int(row.key.slot.rawValue - first.rawValue)
                    digests[place].add(table, row.key, row.value)
                }
                from = page.next
            }
        }
    }

    private static func addPostings(
        from first: Slot,
        through last: Slot,
        _ view: StoreView,
        to digests: inout [SlotDigest]
    ) throws(StoreError) {
        var from: StoreKey? = StoreKey(first.firstHash)
        while let start = from {
            let page = try PostingScan.run(
                PostingsRequest(
                    from: start.hash,
                    record: RecordID(start.sub),
                    through: last.lastHash,
                    limit: PostingsRequest.limit
                ),
                view
            )
            for row in page.rows { digests[Int(Slot(hash: row.key).rawValue - first.rawValue)].add(row) }
            from = page.next
        }
    }

    /// Rows that are copied at a time while a digest is made.
    private static let digestPage = 1_024
}
