import Identifiers
import ShardProtocol
import Topology

/// Sorts the effects of a batch by the shards that store them.
struct RowRouter {
    let routing: Routing

    /// The operations of each shard that gets any, in the order of shards; within a shard in the order of decision.
    ///
    /// Of a row that is written several times only the last write is kept: a component that grows with every record of
    /// a batch would otherwise fill the message with its earlier states. What lies in a slot on the move goes to both
    /// its ends.
    func route(_ writes: [RowWrite]) -> [(shard: ShardID, operations: OperationWriter)] {
        var writers = [OperationWriter?](repeating: nil, count: routing.width)
        let last = lastWrites(writes)
        for (index, write) in writes.enumerated() {
            switch write {
            case .row(let address, let value):
                guard last[address] == index else { continue }
                add(under: address.key.hash, to: &writers) { writer in
                    if let value {
                        writer.put(address.table, address.key, value)
                    } else {
                        writer.delete(address.table, address.key)
                    }
                }
            case .feature(let record, let row, let keys):
                for shard in holders(keys) {
                    add(to: shard, &writers) { $0.put(.feature, StoreKey(record.rawValue), row) }
                }
            case .dropFeature(let record, let keys, let keeping):
                let kept = holders(keeping)
                for shard in holders(keys) where !kept.contains(shard) {
                    add(to: shard, &writers) { $0.delete(.feature, StoreKey(record.rawValue)) }
                }
            case .post(let key, let sketch, let record):
                add(under: key, to: &writers) { $0.post(key: key, sketch: sketch, record: record) }
            case .unpost(let key, let record):
                add(under: key, to: &writers) { $0.unpost(key: key, record: record) }
            }
        }
        var parts: [(shard: ShardID, operations: OperationWriter)] = []
        for (shard, writer) in writers.enumerated() {
            guard let writer else { continue }
            parts.append((ShardID(UInt16(shard)), writer))
        }
        return parts
    }

    private func add(
        under hash: UInt64,
        to writers: inout [OperationWriter?],
        _ body: (inout OperationWriter) -> Void
    ) {
        add(to: routing.place(ofHash: hash), &writers, body)
        if let second = routing.second(ofHash: hash) { add(to: second, &writers, body) }
    }

    private func add(to shard: Int, _ writers: inout [OperationWriter?], _ body: (inout OperationWriter) -> Void) {
        // Taken out, so that it is changed in place instead of copied.
        var writer = writers[shard].take() ?? OperationWriter()
        body(&writer)
        writers[shard] = writer
    }

    private func lastWrites(_ writes: [RowWrite]) -> [ReadRequest.Address: Int] {
        var last: [ReadRequest.Address: Int] = [:]
        last.reserveCapacity(writes.count)
        for (index, write) in writes.enumerated() {
            if case .row(let address, _) = write { last[address] = index }
        }
        return last
    }

    /// All who are written to under any of the keys, in order.
    private func holders(_ keys: [UInt64]) -> [Int] {
        var shards: [Int] = []
        for key in keys {
            let owner = routing.place(ofHash: key)
            if !shards.contains(owner) { shards.append(owner) }
            if let second = routing.second(ofHash: key), !shards.contains(second) { shards.append(second) }
        }
        return shards.sorted()
    }
}
