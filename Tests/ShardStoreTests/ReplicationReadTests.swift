import Identifiers
import ShardProtocol
import ShardStore
import SimulationKit
import Testing

/// What replicas are compared and filled by, against the twin; the tail through crashes and flushes.
struct ReplicationReadTests {
    private func commit(_ number: UInt64, _ random: inout SimulationRandom, epoch: UInt64 = 1) -> CommitRequest {
        var writer = OperationWriter()
        for _ in 0..<(1 + random.next(below: 12)) {
            // Few keys, in two slots, so that rows are replaced and removed.
            let key = (random.next(below: 2) << 52) | random.next(below: 40)
            switch random.next(below: 6) {
            case 0: writer.delete(.home, StoreKey(key))
            case 1: writer.put(.history, StoreKey(key, sub: random.next(below: 3)), [UInt8(random.next(below: 256))])
            case 2: writer.unpost(key: key, record: RecordID(random.next(below: 9)))
            case 3, 4:
                writer.post(
                    key: key,
                    sketch: SketchBits(random.next(below: 5)),
                    record: RecordID(random.next(below: 9))
                )
            default: writer.put(.home, StoreKey(key), [UInt8](repeating: 7, count: Int(random.next(below: 900))))
            }
        }
        return CommitRequest(
            epoch: Epoch(epoch),
            number: number,
            through: Sequence(number),
            operations: writer.bytes
        )
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>) func pagesAndDigestsEqualTheTwins(seed: UInt64) async throws {
        var random = SimulationRandom(seed: seed)
        let harness = try StoreHarness()
        let twin = TwinShard()
        for number in 1...60 as ClosedRange<UInt64> {
            let message = commit(number, &random)
            #expect(try harness.ask(.commit(message)) == .committed)
            try await twin.commit(message)
            if random.next(below: 8) == 0 { harness.flushAll() }
            let digests = ShardRequest.digest(DigestRequest(first: Slot(hash: 0), count: 3))
            #expect(try harness.ask(digests) == (try await twin.call(digests)))
            let page = ShardRequest.postings(
                PostingsRequest(
                    from: random.next(below: 40),
                    record: RecordID(random.next(below: 9)),
                    through: random.next(below: 2) << 52 | 30,
                    limit: 1 + Int(random.next(below: 20))
                )
            )
            #expect(try harness.ask(page) == (try await twin.call(page)))
            let tail = ShardRequest.tail(withOperations: true)
            #expect(try harness.ask(tail) == (try await twin.call(tail)))
        }
    }

    /// The tail is what replicas are made equal by, so neither a flush nor a crash may lose it.
    @Test func theTailOutlivesFlushesAndCrashes() throws {
        var random = SimulationRandom(seed: 5)
        let disk = SimulatedDisk(seed: 3)
        let state = SortedState(on: disk)
        var last: ShardAnswer?
        for round in 0..<10 as Range<UInt64> {
            let harness = try StoreHarness(disk: disk, state: state)
            let tail = try harness.ask(.tail(withOperations: true))
            if let last { #expect(tail == last) }
            for number in 1...20 as ClosedRange<UInt64> {
                _ = try harness.ask(.commit(commit(round * 20 + number, &random)))
                if random.next(below: 5) == 0 { harness.flushAll() }
            }
            harness.flushAll()
            last = try harness.ask(.tail(withOperations: true))
            guard case .tail(let answer)? = last else { throw ShardError.timeout }
            #expect(answer.last.number == (round + 1) * 20)
            #expect(answer.previous.number == (round + 1) * 20 - 1)
            #expect(!answer.operations.isEmpty)
            disk.crash()
        }
    }

    @Test func whoHasNotComeThatFarSaysSo() throws {
        var random = SimulationRandom(seed: 6)
        let harness = try StoreHarness()
        let wiped = StorePosition(Epoch(2), 5)
        #expect(try harness.ask(.guarded(wiped, .status)) == .failure(.behind(at: .zero)))
        #expect(try harness.ask(.guarded(wiped, .fence(Epoch(3)))) == .failure(.behind(at: .zero)))
        #expect(try harness.ask(.commit(commit(5, &random, epoch: 2))) == .committed)
        #expect(try harness.ask(.guarded(wiped, .commit(commit(6, &random, epoch: 2)))) == .committed)
        guard case .status(let status) = try harness.ask(.guarded(wiped, .fence(Epoch(3)))) else {
            throw ShardError.timeout
        }
        #expect(status.epoch == Epoch(3))
    }
}
