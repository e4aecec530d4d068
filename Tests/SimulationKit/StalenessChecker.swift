import Identifiers
import Locks

/// Notes which version of each record was acknowledged when, and whether a read shows an older one than it should.
///
/// With several copies a read may show what is not yet acknowledged, so a history of reads need not fit together. But
/// no node shows what was replaced a moment before it was asked: a leader reads from copies in sync alone, and whoever
/// does not lead any more hears at once who left them.
final class StalenessChecker: Sendable {
    /// For how long what was acknowledged elsewhere may not be seen: how long a leader takes to notice that its lease
    /// is over.
    private static let grace: UInt64 = 500_000

    private struct State {
        var versions: [RecordKey: [(version: UInt32, at: UInt64)]] = [:]
        var violations: [String] = []
    }

    private let time: VirtualTime
    private let state = Mutex(State())

    init(time: VirtualTime) { self.time = time }

    /// A version is acknowledged.
    func acknowledged(_ key: RecordKey, _ version: UInt32) {
        let now = time.now
        state.withLock { $0.versions[key, default: []].append((version, now)) }
    }

    /// The version that a read which begins now must show at least.
    func least(of key: RecordKey) -> UInt32 {
        let now = time.now
        return state.withLock { state in
            state.versions[key]?.filter { $0.at + Self.grace <= now }.map(\.version).max() ?? 0
        }
    }

    /// A read ended.
    func note(_ key: RecordKey, _ version: UInt32, _ least: UInt32) {
        guard version < least else { return }
        let now = time.now
        state.withLock { state in
            state.violations.append(
                "at \(now) us a read showed version \(version) of \(key) long after \(least) was acknowledged"
            )
        }
    }

    /// Reads that showed too little.
    var violations: [String] { state.withLock { $0.violations } }
}
