import Identifiers
import Locks

/// Where a backup hears of batches that became durable, in the order of their sequences.
///
/// A batch is told of before it leaves the `CopyGate`. So whoever opens the tap and then settles the gate knows: what
/// is durable up to `start` is visible to whoever reads from now on, and every later batch comes out of the tap.
final class CommitTap: Sendable {
    /// A batch with all that it wrote.
    struct Batch: Sendable {
        var first: Sequence
        var last: Sequence
        var writes: [RowWrite]
    }

    /// Bytes of batches that wait to be taken; a backup that falls behind is given up, writes never wait for it.
    static let byteLimit = 256 << 20

    private struct State {
        /// The last batch that became durable; batches before it may still be on their way.
        var highest: Sequence
        /// The first sequence of the batch that is to be taken next; `nil` while nobody listens.
        var next: Sequence?
        var waiting: [Sequence: Batch] = [:]
        var bytes = 0
        var hasOverflown = false
    }

    private let state: Mutex<State>
    private let byteLimit: Int

    /// Begins after the last durable write.
    init(after last: Sequence, byteLimit: Int = CommitTap.byteLimit) {
        state = Mutex(State(highest: last))
        self.byteLimit = byteLimit
    }

    /// A batch is durable on every shard.
    func completed(_ decided: Sequencer.Decided) {
        state.withLock { state in
            state.highest = max(state.highest, decided.last)
            guard let next = state.next, decided.first >= next, !state.hasOverflown else { return }
            let batch = Batch(first: decided.first, last: decided.last, writes: decided.writes)
            state.bytes += Self.size(batch)
            state.waiting[batch.first] = batch
            guard state.bytes > byteLimit else { return }
            state.hasOverflown = true
            state.waiting = [:]
        }
    }

    /// Begins to listen; one listens at a time.
    ///
    /// - Returns: the sequence after which batches come out.
    func open() -> Sequence {
        state.withLock { state in
            precondition(state.next == nil, "one backup at a time listens")
            state.next = state.highest.next
            return state.highest
        }
    }

    /// Takes the batches that came in, as far as they follow each other without a gap.
    ///
    /// - Throws: `BackupFault` where too much had come in before.
    func take() throws(BackupFault) -> [Batch] {
        let (batches, hasOverflown) = state.withLock { state -> ([Batch], Bool) in
            var batches: [Batch] = []
            while let next = state.next, let batch = state.waiting.removeValue(forKey: next) {
                state.bytes -= Self.size(batch)
                state.next = batch.last.next
                batches.append(batch)
            }
            return (batches, state.hasOverflown)
        }
        guard !hasOverflown else { throw BackupFault("records come in faster than the backup is written") }
        return batches
    }

    /// Stops listening.
    func close() {
        state.withLock { $0 = State(highest: $0.highest) }
    }

    private static func size(_ batch: Batch) -> Int {
        batch.writes.reduce(0) { sum, write in
            switch write {
            case .row(_, let value): sum + 32 + (value?.count ?? 0)
            case .feature(_, let row, let keys): sum + 32 + row.count + keys.count * 8
            case .dropFeature, .post, .unpost: sum + 64
            }
        }
    }
}
