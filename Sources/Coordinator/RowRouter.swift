import Identifiers
import ShardProtocol
import Topology

/// Sorts the effects of a batch by the shard that stores them.
struct RowRouter {
    let slots: SlotMap

    /// The operations of each shard that gets any, in the order of shards; within a shard in the order of decision.
    ///
    /// Of a row that is written several times only the last write is kept: a component that grows with every record of a
    /// batch would otherwise fill the message with its earlier states.
    func route(_ writes: [RowWrite]) -> [(shard: ShardID, operations: OperationWriter)] {
        var writers = [OperationWriter?](repeating: nil, count: slots.shardCount)
        let last = lastWrites(writes)
        for (index, write) in writes.enumerated() {
            switch write {
            case .row(let address, let value):
                guard last[address] == index else { continue }
                let shard = Int(slots.owner(of: address.key.slot).rawValue)
                var writer = writers[shard].take() ?? OperationWriter()
                if let value {
                    writer.put(address.table, address.key, value)
                } else {
                    writer.delete(address.table, address.key)
                }
                writers[shard] = writer
            case .feature(let record, let row, let keys):
                for shard in owners(keys) {
                    var writer = writers[shard].take() ?? OperationWriter()
                    writer.put(.feature, StoreKey(record.rawValue), row)
                    writers[shard] = writer
                }
            case .dropFeature(let record, let keys, let keeping):
                let kept = owners(keeping)
                for shard in owners(keys) where !kept.contains(shard) {
                    var writer = writers[shard].take() ?? OperationWriter()
                    writer.delete(.feature, StoreKey(record.rawValue))
                    writers[shard] = writer
                }
            case .post(let key, let sketch, let record):
                let shard = Int(slots.owner(ofHash: key).rawValue)
                var writer = writers[shard].take() ?? OperationWriter()
                writer.post(key: key, sketch: sketch, record: record)
                writers[shard] = writer
            case .unpost(let key, let record):
                let shard = Int(slots.owner(ofHash: key).rawValue)
                var writer = writers[shard].take() ?? OperationWriter()
                writer.unpost(key: key, record: record)
                writers[shard] = writer
            }
        }
        var parts: [(shard: ShardID, operations: OperationWriter)] = []
        for (shard, writer) in writers.enumerated() {
            guard let writer else { continue }
            parts.append((ShardID(UInt16(shard)), writer))
        }
        return parts
    }

    private func lastWrites(_ writes: [RowWrite]) -> [ReadRequest.Address: Int] {
        var last: [ReadRequest.Address: Int] = [:]
        last.reserveCapacity(writes.count)
        for (index, write) in writes.enumerated() {
            if case .row(let address, _) = write { last[address] = index }
        }
        return last
    }

    private func owners(_ keys: [UInt64]) -> [Int] {
        var shards: [Int] = []
        for key in keys {
            let shard = Int(slots.owner(ofHash: key).rawValue)
            if !shards.contains(shard) { shards.append(shard) }
        }
        return shards.sorted()
    }
}
