import Identifiers
import ShardProtocol

/// What a scrub writes besides the batches.
extension Commit {
    /// Writes what mends a record, behind all that is lined up, unless the record was written to since a watch began.
    ///
    /// - Parameters:
    ///   - writes: what mends it; none to find out only whether it was left alone.
    ///   - record: the record.
    ///   - watch: a watch of all slots.
    /// - Returns: whether the record was left alone, and the writes are durable.
    /// - Throws: the error that ends the leader's term.
    func mend(_ writes: [RowWrite], of record: RecordID, _ watch: UInt64) async throws(ShardError) -> Bool {
        let receipt: CommitReceipt? = gate.seal(watch) { touched in
            guard let touched, !touched.concerns(record, writes) else { return nil }
            let parts = RowRouter(routing: table.current).route(writes)
            let receipt = CommitReceipt(parts: parts.count)
            for part in parts {
                lanes.enqueue(part.operations, to: Int(part.shard.rawValue), through: .zero, receipt: receipt)
            }
            return receipt
        }
        guard let receipt else { return false }
        try await receipt.wait()
        return true
    }
}

extension CopyGate.Touched {
    /// Whether anything of a record, or any row of some writes, was written.
    func concerns(_ record: RecordID, _ writes: [RowWrite]) -> Bool {
        guard !features.contains(record), !rows.contains(.home(record)), !rows.contains(.link(record)) else {
            return true
        }
        return writes.contains { write in
            switch write {
            case .row(let address, _): rows.contains(address)
            case .post(let key, _, let record), .unpost(let key, let record):
                postings.contains(StoreKey(key, sub: record.rawValue))
            case .feature(let record, _, _), .dropFeature(let record, _, _): features.contains(record)
            }
        }
    }
}
