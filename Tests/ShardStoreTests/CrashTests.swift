import Identifiers
import ShardProtocol
import ShardStore
import SimulationKit
import Testing

@Suite("A crash at any operation of the disk")
struct CrashTests {
    @Test("loses nothing that was acknowledged and leaves nothing half applied", arguments: 0..<6)
    func everywhere(seed: Int) throws {
        var operation = 1
        // Until a run comes to its end before the disk goes down.
        while try run(seed: UInt64(seed), goingDownAt: operation) { operation += 1 }
        #expect(operation > 80, "the script is long enough to go through segments and flushes")
    }

    /// Runs a script; answers whether the disk went down in it.
    private func run(seed: UInt64, goingDownAt operation: Int) throws -> Bool {
        var maker = CommitMaker(seed: seed)
        maker.valueBytes = 600
        let disk = SimulatedDisk(seed: seed &* 1_000 &+ UInt64(operation))
        let harness = try StoreHarness(disk: disk)
        disk.goDown(afterOperations: operation)
        var models = [StoreModel()]
        var acknowledged = 0
        for number in 1...60 where !disk.isDown {
            let operations = maker.operations()
            let ticket = harness.submit(
                .commit(
                    CommitRequest(
                        epoch: Epoch(1),
                        number: UInt64(number),
                        through: Sequence(UInt64(number)),
                        operations: operations
                    )
                )
            )
            var model = models[models.count - 1]
            model.apply(operations)
            models.append(model)
            if maker.random.chance(700) { harness.append() }
            if maker.random.chance(300) { harness.flush() }
            if harness.answer(ticket) == .committed { acknowledged = number }
        }
        let didGoDown = disk.isDown
        try harness.crash()
        let through = Int(try status(harness).through.rawValue)
        #expect(through >= acknowledged, "seed \(seed), operation \(operation): an acknowledged commit is lost")
        try harness.expect(models[through], "seed \(seed), operation \(operation)")
        // The store works on, and a second crash changes nothing.
        let next = maker.operations()
        let commit = CommitRequest(
            epoch: Epoch(2),
            number: 1,
            through: Sequence(UInt64(through) + 1),
            operations: next
        )
        #expect(try harness.ask(.commit(commit)) == .committed)
        try harness.crash()
        var model = models[through]
        model.apply(next)
        try harness.expect(model, "seed \(seed), operation \(operation), after the second crash")
        return didGoDown
    }

    private func status(_ harness: StoreHarness) throws -> ShardStatus {
        guard case .status(let status) = try harness.ask(.status) else { throw ShardError.timeout }
        return status
    }
}
