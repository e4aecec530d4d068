import Identifiers
import Testing

@testable import Coordinator

/// The tap gives batches in the order of their sequences, and says so when it cannot.
struct CommitTapTests {
    private static func batch(_ first: UInt64, _ last: UInt64, bytes: Int = 0) -> Sequencer.Decided {
        let row = RowWrite.row(.home(RecordID(first)), [UInt8](repeating: 0, count: bytes))
        return Sequencer.Decided(
            ticket: first,
            first: Sequence(first),
            last: Sequence(last),
            outcomes: [],
            writes: [row]
        )
    }

    @Test func batchesComeInOrderAndOnlyThoseAfterTheOpening() throws {
        let tap = CommitTap(after: Sequence(9))
        tap.completed(Self.batch(12, 12))
        #expect(tap.open() == Sequence(12))
        // Batch 10 to 11 became durable later than batch 12, but is visible before anything is read.
        tap.completed(Self.batch(10, 11))
        tap.completed(Self.batch(15, 15))
        #expect(try tap.take().isEmpty)
        tap.completed(Self.batch(13, 14))
        #expect(try tap.take().map(\.last) == [Sequence(14), Sequence(15)])
        tap.close()
        tap.completed(Self.batch(16, 16))
        #expect(tap.open() == Sequence(16))
    }

    @Test func whoFallsBehindIsToldAndHoldsUpNobody() throws {
        let tap = CommitTap(after: .zero, byteLimit: 1_000)
        _ = tap.open()
        tap.completed(Self.batch(1, 1, bytes: 900))
        #expect(try tap.take().count == 1)
        tap.completed(Self.batch(2, 2, bytes: 900))
        tap.completed(Self.batch(3, 3, bytes: 900))
        #expect(throws: BackupFault.self) { _ = try tap.take() }
        tap.close()
        #expect(tap.open() == Sequence(3))
    }
}
