import Identifiers
import ShardProtocol
import ShardStore
import SimulationKit
import Testing

@Suite("What a store promises its callers")
struct StoreContractTests {
    private func commit(
        _ epoch: UInt64,
        _ number: UInt64,
        _ value: UInt8,
        key: UInt64 = 1,
        length: Int = 10
    ) -> ShardRequest {
        var writer = OperationWriter()
        writer.put(.home, StoreKey(key), [UInt8](repeating: value, count: length))
        return .commit(
            CommitRequest(epoch: Epoch(epoch), number: number, through: Sequence(number), operations: writer.bytes)
        )
    }

    private func first(_ harness: StoreHarness) throws -> UInt8? {
        guard case .read(let answer) = try harness.ask(.read(ReadRequest(rows: [.init(.home, StoreKey(1))]))) else {
            throw ShardError.timeout
        }
        return answer.values[0]?.first
    }

    @Test func nothingIsVisibleOrAnsweredBeforeItIsDurable() throws {
        let harness = try StoreHarness()
        let ticket = harness.submit(commit(1, 1, 7))
        #expect(harness.answer(ticket) == nil)
        let reading = harness.submit(.read(ReadRequest(rows: [.init(.home, StoreKey(1))])))
        #expect(harness.answer(reading) == .read(ReadAnswer(values: [nil])))
        harness.append()
        #expect(harness.answer(ticket) == .committed)
        #expect(try first(harness) == 7)
    }

    @Test func commitsThatArriveDuringASyncShareTheNext() throws {
        let harness = try StoreHarness()
        let tickets = (1...20).map { harness.submit(commit(1, $0, UInt8($0))) }
        #expect(harness.appending?.count == 1)
        harness.append()
        #expect(harness.appending?.count == 19)
        harness.append()
        #expect(tickets.allSatisfy { harness.answer($0) == .committed })
        #expect(harness.core.counters.groups == 2)
    }

    @Test func anOlderLeaderIsRefusedAlsoAfterACrash() throws {
        let harness = try StoreHarness()
        #expect(try harness.ask(commit(4, 1, 1)) == .committed)
        guard case .status(let status) = try harness.ask(.fence(Epoch(6))) else {
            Issue.record("a fence is answered with the status")
            return
        }
        #expect(status.epoch == Epoch(6))
        for _ in 0..<2 {
            #expect(try harness.ask(commit(5, 1, 9)) == .failure(.staleEpoch(highest: Epoch(6))))
            #expect(try harness.ask(.fence(Epoch(5))) == .failure(.staleEpoch(highest: Epoch(6))))
            try harness.crash()
        }
        #expect(try first(harness) == 1)
        #expect(try harness.ask(commit(6, 1, 2)) == .committed)
    }

    @Test func aLateDuplicateChangesNothing() throws {
        let harness = try StoreHarness()
        #expect(try harness.ask(commit(1, 1, 1)) == .committed)
        #expect(try harness.ask(commit(1, 2, 2)) == .committed)
        for step in 0..<3 {
            #expect(try harness.ask(commit(1, 1, 1)) == .committed)
            #expect(try first(harness) == 2)
            if step == 0 { try harness.crash() } else { harness.flushAll() }
        }
        // A new leader counts from one again.
        #expect(try harness.ask(commit(2, 1, 3)) == .committed)
        #expect(try first(harness) == 3)
    }

    @Test func aDuplicateOfACommitUnderWayWaitsForIt() throws {
        let harness = try StoreHarness()
        let one = harness.submit(commit(1, 1, 1))
        let two = harness.submit(commit(1, 2, 2))
        let again = [harness.submit(commit(1, 1, 1)), harness.submit(commit(1, 2, 2))]
        #expect(again.allSatisfy { harness.answer($0) == nil })
        harness.settle()
        #expect(([one, two] + again).allSatisfy { harness.answer($0) == .committed })
        #expect(harness.core.counters.commits == 2)
    }

    @Test func whatIsNoOperationIsRefusedWhole() throws {
        let harness = try StoreHarness()
        var writer = OperationWriter()
        writer.put(.home, StoreKey(1), [1])
        for broken in [
            writer.bytes + [9], Array(writer.bytes.dropLast()), [1, 77], [UInt8](repeating: 255, count: 30),
        ] {
            let request = CommitRequest(epoch: Epoch(1), number: 1, through: Sequence(1), operations: broken)
            guard case .failure(.badRequest) = try harness.ask(.commit(request)) else {
                Issue.record("\(broken) are no operations")
                return
            }
        }
        #expect(try first(harness) == nil)
    }

    @Test func aFullDiskRefusesWritesKeepsReadingAndRecovers() throws {
        let disk = SimulatedDisk(seed: 2, freeBytes: 60_000)
        let harness = try StoreHarness(disk: disk)
        var accepted: [UInt64] = []
        var refused = 0
        for number in UInt64(1)...200 {
            let answer = try harness.ask(commit(1, number, UInt8(number % 250), key: number, length: 900))
            if answer == .committed {
                accepted.append(number)
            } else {
                #expect(answer == .failure(.diskFull))
                refused += 1
            }
            // Whatever was accepted is there, full or not.
            for one in accepted.suffix(3) {
                let request = ReadRequest(rows: [.init(.home, StoreKey(one))])
                let expected = [UInt8](repeating: UInt8(one % 250), count: 900)
                #expect(try harness.ask(.read(request)) == .read(ReadAnswer(values: [expected])))
            }
            if number == 150 { disk.set(freeBytes: 1 << 20) }
        }
        #expect(refused > 50)
        #expect(accepted.last == 200, "with room again the store works again")
        harness.flushAll()
        try harness.crash()
        let rows = accepted.map { ReadRequest.Address(.home, StoreKey($0)) }
        let values = accepted.map { [UInt8](repeating: UInt8($0 % 250), count: 900) }
        #expect(try harness.ask(.read(ReadRequest(rows: rows))) == .read(ReadAnswer(values: values)))
    }

    @Test func aFlushThatFailsDoesNotKeepTheStoreFromClosing() throws {
        let disk = SimulatedDisk(seed: 2, freeBytes: 30_000)
        let harness = try StoreHarness(disk: disk)
        _ = try harness.ask(commit(1, 1, 1, length: 9_000))
        #expect(harness.core.isIdle)
        disk.set(freeBytes: 0)
        harness.flushAll()
        #expect(harness.core.counters.failedFlushes == 1)
        #expect(harness.core.isIdle)
        disk.set(freeBytes: 30_000)
        try harness.crash()
        #expect(try first(harness) == 1)
    }

    @Test func commitsWaitWhileTheDeltaIsTooLargeAndAreRefusedPastTheBound() throws {
        var configuration = StoreNode.smallConfiguration
        configuration.waitingBytes = 20_000
        let harness = try StoreHarness(configuration: configuration)
        var tickets: [UInt64] = []
        for number in UInt64(1)...100 {
            tickets.append(harness.submit(commit(1, number, 1, key: number, length: 1_000)))
            harness.append()
        }
        #expect(harness.flushing != nil)
        #expect(harness.core.counters.deltaBytes < 70_000)
        #expect(harness.core.counters.waitingBytes <= 20_000)
        let refused = tickets.filter { harness.answer($0) == .failure(.unavailable("too many writes are waiting")) }
        let waiting = tickets.filter { harness.answer($0) == nil }
        #expect(!refused.isEmpty)
        #expect(!waiting.isEmpty)
        harness.settle()
        #expect(waiting.allSatisfy { harness.answer($0) == .committed })
    }

    @Test func aScanGivesEveryRowOnceWhileRowsAreWritten() throws {
        let harness = try StoreHarness()
        var random = SimulationRandom(seed: 4)
        for number in UInt64(1)...60 { _ = try harness.ask(commit(1, number, 1, key: number * 1_000)) }
        var seen: [UInt64] = []
        var number: UInt64 = 60
        var from: StoreKey? = StoreKey(0)
        while let start = from {
            let request = ScanRequest(table: .home, from: start, through: 50_000, limit: 7)
            guard case .scan(let answer) = try harness.ask(.scan(request)) else { throw ShardError.timeout }
            seen += answer.rows.map(\.key.hash)
            from = answer.next
            for _ in 0..<5 {
                number += 1
                _ = try harness.ask(commit(1, number, 2, key: random.next(below: 60_000) | 1, length: 700))
            }
        }
        #expect(seen == seen.sorted())
        #expect(Set(seen).count == seen.count)
        #expect(Set(seen).isSuperset(of: (1...50).map { $0 * 1_000 }), "rows that were there throughout are all seen")
        #expect(seen.allSatisfy { $0 <= 50_000 })
    }

    @Test func theLogIsCutOnceItIsInTheState() throws {
        let disk = SimulatedDisk(seed: 2)
        let harness = try StoreHarness(disk: disk)
        for number in UInt64(1)...300 { _ = try harness.ask(commit(1, number, 1, key: number % 20, length: 1_000)) }
        #expect(disk.names.count < 12)
        harness.flushAll()
        try harness.crash()
        #expect(harness.core.recovery.frames == 0)
    }
}
