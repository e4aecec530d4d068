import Identifiers
import ShardProtocol
import SimulationKit
import Testing

@testable import Replication

/// Page by page one store becomes the other, whatever the two hold and wherever pages end.
struct PageDifferenceTests {
    @Test(arguments: 1...40 as ClosedRange<UInt64>) func pagesMakeStoresEqual(seed: UInt64) async throws {
        var random = SimulationRandom(seed: seed)
        let source = TwinShard()
        let target = TwinShard()
        try await fill(source, &random)
        try await fill(target, &random)
        var number: UInt64 = 1_000
        var from: StoreKey? = StoreKey(0)
        while let start = from {
            // The two answer with pages of different lengths.
            func request(_ limit: Int) -> ScanRequest {
                ScanRequest(table: .history, from: start, through: .max, limit: limit)
            }
            let difference = PageDifference(
                .history,
                source: try await source.scan(request(1 + Int(random.next(below: 9)))),
                target: try await target.scan(request(1 + Int(random.next(below: 9))))
            )
            number += 1
            try await target.commit(write(difference.operations, number))
            from = difference.next
        }
        from = StoreKey(0)
        while let start = from {
            func request(_ limit: Int) -> PostingsRequest {
                PostingsRequest(from: start.hash, record: RecordID(start.sub), through: .max, limit: limit)
            }
            let difference = PageDifference(
                source: try await source.postings(request(1 + Int(random.next(below: 9)))),
                target: try await target.postings(request(1 + Int(random.next(below: 9))))
            )
            number += 1
            try await target.commit(write(difference.operations, number))
            from = difference.next
        }
        let all = DigestRequest(first: Slot(hash: 0), count: 2)
        #expect(try await source.digest(all) == (try await target.digest(all)))
    }

    private func fill(_ shard: TwinShard, _ random: inout SimulationRandom) async throws {
        var writer = OperationWriter()
        for _ in 0..<random.next(below: 60) {
            let key = (random.next(below: 2) << 52) | random.next(below: 12)
            writer.put(.history, StoreKey(key, sub: random.next(below: 4)), [UInt8(random.next(below: 2))])
            writer.post(key: key, sketch: SketchBits(random.next(below: 2)), record: RecordID(random.next(below: 6)))
        }
        try await shard.commit(write(writer, 1))
    }

    private func write(_ operations: OperationWriter, _ number: UInt64) -> CommitRequest {
        CommitRequest(epoch: Epoch(1), number: number, through: .zero, operations: operations.bytes)
    }
}
