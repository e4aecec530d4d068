import Identifiers
import Locks

/// How often each slot is asked for by this node: keys that are searched and rows that are read.
///
/// Every write begins with such questions, so writes are counted as well. One lock and some additions for a batch of
/// records, which costs hundreds of times as much.
final class SlotHeat: Sendable {
    /// After so many milliseconds counting begins anew, so that what is told is of the last minute or two.
    private static let window: UInt64 = 60_000

    private struct State {
        var counts = [UInt32](repeating: 0, count: Slot.count)
        var since: UInt64?
        /// What the window before came to, by minute.
        var former: [Double]?
    }

    private let state = Mutex(State())

    init() {}

    /// Counts questions.
    func note(_ hashes: some Swift.Sequence<UInt64>) {
        state.withLock { state in
            for hash in hashes { state.counts[Int(Slot(hash: hash).rawValue)] &+= 1 }
        }
    }

    /// Questions a minute, by slot: of the last full window, or of the one under way where there is none.
    func perMinute(now: UInt64) -> [Double] {
        state.withLock { state in
            guard let since = state.since else {
                // Nobody has asked before: what was counted is of an unknown time.
                state = State(since: now)
                return [Double](repeating: 0, count: Slot.count)
            }
            guard now > since else { return state.former ?? [Double](repeating: 0, count: Slot.count) }
            let rates = state.counts.map { Double($0) * 60_000 / Double(now - since) }
            guard now - since >= Self.window else { return state.former ?? rates }
            state = State(since: now, former: rates)
            return rates
        }
    }
}
