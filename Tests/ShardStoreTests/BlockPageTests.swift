import Identifiers
import ShardProtocol
import SimulationKit
import Testing

@testable import ShardStore

/// Blocks a page at a time, against the simplest store there is.
struct BlockPageTests {
    @Test(arguments: [UInt64(1), 2, 3, 4, 5])
    func pagesOfABlockAreWhatASimpleStoreSays(seed: UInt64) throws {
        let harness = try StoreHarness()
        var random = SimulationRandom(seed: seed)
        var twin: [UInt64: Set<UInt64>] = [:]
        for number in UInt64(1)...80 {
            var writer = OperationWriter()
            for _ in 0..<30 {
                let key = random.next(below: 4)
                let record = random.next(below: 2_000)
                if random.next(below: 4) == 0 {
                    writer.unpost(key: key, record: RecordID(record))
                    twin[key]?.remove(record)
                } else {
                    writer.post(key: key, sketch: SketchBits(0), record: RecordID(record))
                    twin[key, default: []].insert(record)
                }
            }
            let request = CommitRequest(
                epoch: Epoch(1),
                number: number,
                through: Sequence(number),
                operations: writer.bytes
            )
            _ = try harness.ask(.commit(request))
            let from = random.next(below: 2_100)
            let limit = Int(random.next(below: 400))
            let keys = [UInt64(0), 1, 2, 3]
            let asked = BlockRequest(keys: keys, from: RecordID(from), limit: limit)
            guard case .block(let answer) = try harness.ask(.block(asked)) else { throw ShardError.timeout }
            for (key, block) in zip(keys, answer.blocks) {
                let expected = (twin[key] ?? []).filter { $0 >= from }.sorted()
                #expect(block.records == expected.prefix(limit).map { RecordID($0) })
                #expect(block.isCut == (expected.count > limit))
            }
        }
    }
}
