import Identifiers
import ShardProtocol
import Topology

/// Sorts the effects of a batch by the shard that stores them.
struct RowRouter {
    let slots: SlotMap

    /// The operations of each shard that gets any, in the order of shards; within a shard in the order of decision.
    func route(_ writes: [RowWrite]) -> [(shard: ShardID, operations: OperationWriter)] {
        var writers = [OperationWriter?](repeating: nil, count: slots.shardCount)
        for write in writes {
            switch write {
            case .row(let address, let value):
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

    private func owners(_ keys: [UInt64]) -> [Int] {
        var shards: [Int] = []
        for key in keys {
            let shard = Int(slots.owner(ofHash: key).rawValue)
            if !shards.contains(shard) { shards.append(shard) }
        }
        return shards.sorted()
    }
}
