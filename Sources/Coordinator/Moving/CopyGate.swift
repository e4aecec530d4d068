import Identifiers
import ShardProtocol
import Locks

/// Keeps copied rows behind the writes that they would undo.
///
/// A commit enters before it looks where its rows go and leaves when they are durable. Whoever copies watches slots:
/// from then on the gate notes what is written there, and `watch` returns when every commit that entered before has
/// left. So what is read afterwards shows all writes but those noted, and a copy without the noted rows undoes none.
final class CopyGate: Sendable {
    /// What was written to the watched slots since the watch began.
    struct Touched {
        /// The watched slots.
        let slots: Range<Int>
        private(set) var rows: Set<ReadRequest.Address> = []
        private(set) var postings: Set<StoreKey> = []
        private(set) var features: Set<RecordID> = []

        init(slots: Range<Int>) { self.slots = slots }

        mutating func note(_ writes: [RowWrite]) {
            for write in writes {
                switch write {
                case .row(let address, _):
                    if slots.contains(Int(address.key.slot.rawValue)) { rows.insert(address) }
                case .feature(let record, _, _), .dropFeature(let record, _, _): features.insert(record)
                case .post(let key, _, let record), .unpost(let key, let record):
                    if slots.contains(Int(Slot(hash: key).rawValue)) {
                        postings.insert(StoreKey(key, sub: record.rawValue))
                    }
                }
            }
        }
    }

    private struct State {
        var generation: UInt64 = 0
        /// Commits that entered and have not left, by generation; only generations that have any.
        var inside: [UInt64: Int] = [:]
        /// What is noted, by watch.
        var watches: [UInt64: Touched] = [:]
        var lastWatch: UInt64 = 0
        var entered: UInt64 = 0
        var waiting: [(generation: UInt64, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    init() {}

    /// How many commits have ever entered.
    var entered: UInt64 { state.withLock { $0.entered } }

    /// A commit enters with what it is going to write.
    ///
    /// - Returns: what to leave with.
    func enter(_ writes: [RowWrite]) -> UInt64 {
        state.withLock { state in
            for watch in state.watches.keys { state.watches[watch]?.note(writes) }
            state.entered += 1
            state.inside[state.generation, default: 0] += 1
            return state.generation
        }
    }

    /// A commit is durable everywhere, or failed.
    func leave(_ generation: UInt64) {
        let ready = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            let left = (state.inside[generation] ?? 1) - 1
            state.inside[generation] = left > 0 ? left : nil
            let oldest = state.inside.keys.min() ?? .max
            let ready = state.waiting.filter { $0.generation < oldest }.map(\.continuation)
            state.waiting.removeAll { $0.generation < oldest }
            return ready
        }
        for continuation in ready { continuation.resume() }
    }

    /// Returns when every commit that has entered by now has left.
    func settle() async { await advance { _ in } }

    /// Notes from now on what is written to some slots, then settles.
    ///
    /// - Returns: what the watch is called.
    func watch(_ slots: Range<Int>) async -> UInt64 {
        let watch = state.withLock { state in
            state.lastWatch += 1
            return state.lastWatch
        }
        await advance { $0.watches[watch] = Touched(slots: slots) }
        return watch
    }

    /// Ends a watch.
    func unwatch(_ watch: UInt64) { state.withLock { $0.watches[watch] = nil } }

    /// Does something that no commit enters beside, knowing what was written since a watch began.
    func seal<Result>(_ watch: UInt64, _ body: (Touched?) -> Result) -> Result {
        state.withLock { body($0.watches[watch]) }
    }

    private func advance(_ change: @Sendable (inout State) -> Void) async {
        await withCheckedContinuation { continuation in
            let isSettled = state.withLock { state in
                change(&state)
                let last = state.generation
                state.generation += 1
                guard let oldest = state.inside.keys.min(), oldest <= last else { return true }
                state.waiting.append((last, continuation))
                return false
            }
            if isSettled { continuation.resume() }
        }
    }
}
