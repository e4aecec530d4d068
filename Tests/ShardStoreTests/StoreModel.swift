import Identifiers
import ShardProtocol
import SimulationKit

/// The dumb twin of a store: what its rows and blocks must be after a number of commits.
struct StoreModel: Equatable {
    var rows: [ReadRequest.Address: [UInt8]] = [:]
    var blocks: [UInt64: [UInt64: SketchBits]] = [:]

    /// Applies a commit's operations.
    mutating func apply(_ operations: [UInt8]) {
        operations.withUnsafeBytes { bytes in
            var reader = OperationReader(bytes)
            while let operation = try? reader.next() {
                switch operation {
                case .put(let table, let key, let value): rows[.init(table, key)] = [UInt8](value)
                case .delete(let table, let key): rows[.init(table, key)] = nil
                case .post(let key, let sketch, let record): blocks[key, default: [:]][record.rawValue] = sketch
                case .unpost(let key, let record): blocks[key]?[record.rawValue] = nil
                }
            }
        }
        blocks = blocks.filter { !$0.value.isEmpty }
    }

    /// A table's rows in key order.
    func table(_ table: StoreTable) -> [ScanAnswer.Row] {
        rows.filter { $0.key.table == table }.map { ScanAnswer.Row(key: $0.key.key, value: $0.value) }
            .sorted { $0.key < $1.key }
    }
}

/// Draws commits over a small space of keys, so that rows are replaced and removed often.
struct CommitMaker {
    var random: SimulationRandom
    var tables: [StoreTable] = [.home, .change, .feature, .intent]
    var keys: UInt64 = 40
    var valueBytes: UInt64 = 300

    init(seed: UInt64) { random = SimulationRandom(seed: seed) }

    mutating func operations() -> [UInt8] {
        var writer = OperationWriter()
        for _ in 0..<(1 + random.next(below: 12)) {
            let table = tables[Int(random.next(below: UInt64(tables.count)))]
            // Spread over all slots; the last keys at the very end of the key space.
            let index = random.next(below: keys)
            let hash = index == keys - 1 ? UInt64.max : index &* 0x0666_6666_6666_6667
            let key = StoreKey(hash, sub: table.hasSubkey ? random.next(below: 3) : 0)
            switch random.next(below: 8) {
            case 0: writer.delete(table, key)
            case 1...3: writer.put(table, key, value())
            case 4...6:
                writer.post(
                    key: hash,
                    sketch: SketchBits(random.next(), random.next(), random.next()),
                    record: RecordID(random.next(below: 300))
                )
            default: writer.unpost(key: hash, record: RecordID(random.next(below: 300)))
            }
        }
        return writer.bytes
    }

    private mutating func value() -> [UInt8] {
        let length = Int(random.next(below: random.chance(20) ? valueBytes * 40 : valueBytes))
        let byte = UInt8(truncatingIfNeeded: random.next())
        return (0..<length).map { byte &+ UInt8(truncatingIfNeeded: $0) }
    }
}
