import Identifiers
import ShardProtocol
import ShardStore
import SimulationKit
import Testing

@Suite("A store is equal to its dumb twin")
struct StorePropertyTests {
    @Test("under commits, flushes and readings in any order", arguments: 0..<24)
    func whateverTheOrder(seed: Int) throws {
        try run(seed: UInt64(seed), state: nil)
    }

    @Test("over files", arguments: 100..<106)
    func overFiles(seed: Int) throws {
        let directory = try ScratchDirectory()
        try run(seed: UInt64(seed), state: try TieredState(directory: directory.path + "/state"))
    }

    private func run(seed: UInt64, state: (any StateStore)?) throws {
        var maker = CommitMaker(seed: seed)
        let harness = try StoreHarness(disk: SimulatedDisk(seed: seed), state: state)
        var model = StoreModel()
        var sent: [(ticket: UInt64, operations: [UInt8])] = []
        for number in 1...250 {
            let operations = maker.operations()
            let request = CommitRequest(
                epoch: Epoch(1),
                number: UInt64(number),
                through: Sequence(UInt64(number)),
                operations: operations
            )
            sent.append((harness.submit(.commit(request)), operations))
            if maker.random.chance(600) { harness.append() }
            if maker.random.chance(100) { harness.flush() }
            if maker.random.chance(50) { _ = try harness.state.tidy { false } }
            if maker.random.chance(20) { harness.settle() }
            // What is answered is visible, and nothing else is.
            while let first = sent.first, let answer = harness.answer(first.ticket) {
                #expect(answer == .committed)
                model.apply(first.operations)
                sent.removeFirst()
            }
            if maker.random.chance(100) {
                try harness.expect(model, pageRows: 1 + Int(maker.random.next(below: 20)))
            }
        }
        harness.settle()
        for one in sent { model.apply(one.operations) }
        try harness.expect(model)
        #expect(harness.core.counters.flushes > 0)
        try harness.crash()
        try harness.expect(model, "after a crash with everything acknowledged")
        harness.flushAll()
        try harness.expect(model, "with everything in the state")
    }
}
