import Coordinator
import Demographics
import Identifiers
import Locks

/// What clients were promised: the last acknowledged state of every record, and every golden identifier ever given.
final class AcknowledgedWrites: Sendable {
    struct Promise: Sendable {
        var record: SourceRecord
        var document: [UInt8]
        /// 0 where it was taken before it could be searched for.
        var version: UInt32
        var removed: Bool
    }

    private struct State {
        var promises: [RecordKey: Promise] = [:]
        var goldens: Set<GoldenID> = []
        var violations: [String] = []
        var unsearched = 0
    }

    private let state = Mutex(State())

    func note(_ promise: Promise, golden: GoldenID?) {
        state.withLock { state in
            if let last = state.promises[promise.record.key], promise.version > 0, last.version >= promise.version,
                !promise.removed,
                last.document != promise.document
            {
                state.violations.append(
                    "\(promise.record.key): version \(promise.version) acknowledged after \(last.version)"
                )
            }
            state.promises[promise.record.key] = promise
            if promise.version == 0, !promise.removed { state.unsearched += 1 }
            if let golden { state.goldens.insert(golden) }
        }
    }

    var promises: [Promise] {
        state.withLock { $0.promises.values.sorted { "\($0.record.key)" < "\($1.record.key)" } }
    }
    var goldens: [GoldenID] { state.withLock { $0.goldens.sorted { $0.rawValue < $1.rawValue } } }
    /// How many writes were taken before they could be searched for.
    var unsearched: Int { state.withLock { $0.unsearched } }
    var violations: [String] { state.withLock { $0.violations } }
}
