import Identifiers
import Locks
import ShardProtocol
import Testing

@testable import Coordinator

/// What keeps a copied row from undoing a write.
@Suite("Copies and writes") struct CopyGateTests {
    /// What happened, in order.
    private final class Log: Sendable {
        let order = Mutex<[String]>([])
    }

    private let row = ReadRequest.Address(.home, StoreKey(Slot(7)?.firstHash ?? 0))

    @Test func aWatchWaitsForCommitsThatEnteredBefore() async {
        let gate = CopyGate()
        let pass = gate.enter([.row(row, [1])])
        let log = Log()
        let watching = Task {
            let watch = await gate.watch(0..<64)
            log.order.withLock { $0.append("watched") }
            return watch
        }
        for _ in 0..<50 { await Task.yield() }
        log.order.withLock { $0.append("left") }
        gate.leave(pass)
        let watch = await watching.value
        #expect(log.order.withLock { $0 } == ["left", "watched"])
        gate.seal(watch) { #expect($0?.rows.isEmpty == true) }
    }

    @Test func aWatchDoesNotWaitForCommitsThatEnterLater() async {
        let gate = CopyGate()
        let watch = await gate.watch(0..<64)
        let pass = gate.enter([.row(row, [1])])
        gate.seal(watch) { #expect($0?.rows == [row]) }
        gate.leave(pass)
    }

    @Test func onlyWatchedSlotsAreNoted() async {
        let gate = CopyGate()
        let watch = await gate.watch(8..<9)
        let record = RecordID(5)
        let pass = gate.enter([
            .row(row, nil), .post(key: Slot(8)?.firstHash ?? 0, sketch: SketchBits(0), record: record),
            .unpost(key: Slot(9)?.firstHash ?? 0, record: record), .dropFeature(record, keys: [], keeping: []),
        ])
        gate.leave(pass)
        gate.seal(watch) { touched in
            #expect(touched?.rows.isEmpty == true)
            #expect(touched?.postings == [StoreKey(Slot(8)?.firstHash ?? 0, sub: record.rawValue)])
            #expect(touched?.features == [record])
        }
        let other = await gate.watch(7..<8)
        gate.leave(gate.enter([.row(row, nil)]))
        gate.seal(other) { touched in #expect(touched?.rows == [row], "watches do not get in each other's way") }
        gate.seal(watch) { touched in #expect(touched?.rows.isEmpty == true) }
        gate.unwatch(watch)
        gate.seal(watch) { touched in #expect(touched.map(\.slots) == nil) }
    }
}
