import Identifiers
import ShardProtocol
import ShardService
import ShardStore
import Testing

@Suite("A store on a real disk")
struct ShardStoreTests {
    @Test func whatIsCommittedIsReadAndSurvivesReopening() async throws {
        let directory = try ScratchDirectory()
        let store = try ReopenableStore(directory.path)
        do {
            let shard = try #require(store.shard)
            var operations = OperationWriter()
            operations.put(.home, StoreKey(7), [1, 2, 3])
            operations.put(.change, StoreKey(7, sub: 9), [4])
            operations.post(key: 5, sketch: SketchBits(6, 7, 8), record: RecordID(7))
            try await shard.commit(
                CommitRequest(epoch: Epoch(1), number: 1, through: Sequence(1), operations: operations.bytes)
            )
            let answer = try await shard.read(
                ReadRequest(rows: [.init(.home, StoreKey(7)), .init(.home, StoreKey(8))])
            )
            #expect(answer.values == [[1, 2, 3], nil])
            await #expect(throws: ShardError.staleEpoch(highest: Epoch(1))) {
                try await shard.commit(CommitRequest(epoch: Epoch(0), number: 1, through: Sequence(2), operations: []))
            }
        }
        let shard = try await store.reopen()
        let answer = try await shard.read(ReadRequest(rows: [.init(.change, StoreKey(7, sub: 9))]))
        #expect(answer.values == [[4]])
        let status = try await shard.status()
        #expect(status.through == Sequence(1))
        #expect(status.recoveredFrames == 1)
        #expect(status.postings == 1)
        await withCheckedContinuation { continuation in shard.store.close { continuation.resume() } }
        #expect(shard.store.counters.flushes == 1)
    }
}
