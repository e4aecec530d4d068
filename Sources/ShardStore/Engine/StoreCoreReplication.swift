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

    func digest(_ request: DigestRequest) throws(StoreError) -> ShardAnswer {
        var digests: [SlotDigest] = []
        try view { view throws(StoreError) in
            for slot in request.slots { digests.append(try StoreCore.digest(of: slot, request.scope, view)) }
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

    private static func digest(
        of slot: Slot,
        _ scope: DigestRequest.Scope,
        _ view: StoreView
    ) throws(StoreError) -> SlotDigest {
        var digest = SlotDigest()
        for table in StoreTable.allCases where scope.holds(table) {
            var from: StoreKey? = StoreKey(slot.firstHash)
            while let start = from {
                let page = try RangeScan.run(
                    ScanRequest(table: table, from: start, through: slot.lastHash, limit: digestPage),
                    view
                )
                for row in page.rows { row.value.withUnsafeBytes { digest.add(table, row.key, $0) } }
                from = page.next
            }
        }
        var from: StoreKey? = StoreKey(slot.firstHash)
        while let start = from {
            let page = try PostingScan.run(
                PostingsRequest(
                    from: start.hash,
                    record: RecordID(start.sub),
                    through: slot.lastHash,
                    limit: PostingsRequest.limit
                ),
                view
            )
            for row in page.rows { digest.add(row) }
            from = page.next
        }
        return digest
    }

    /// Rows that are copied at a time while a digest is made.
    private static let digestPage = 1_024
}
