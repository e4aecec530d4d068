import Coordinator
import Identifiers
import Locks

/// Keeps backups in memory.
final class MemoryVault: BackupVault, BackupSink {
    struct Kept {
        var frames: [BackupFrame] = []
        var cut: BackupCut?
        var through = Sequence.zero
        var isClosed = false
        var failsAfter = Int.max
    }

    private let state = Mutex(Kept())

    private let there: [BackupView]

    /// A place that fails after so many pieces, with backups that are there already.
    init(failsAfter: Int = .max, there: [BackupView] = []) {
        self.there = there
        state.withLock { $0.failsAfter = failsAfter }
    }

    var kept: Kept { state.withLock { $0 } }

    func begin(_ name: String) async throws(BackupFault) -> any BackupSink { self }

    func complete() async -> [BackupView] { there }

    func append(_ frame: BackupFrame) async throws(BackupFault) {
        let isFull = state.withLock { kept in
            kept.frames.append(frame)
            return kept.frames.count > kept.failsAfter
        }
        if isFull { throw BackupFault("the disk is full") }
    }

    func seal(_ cut: BackupCut) async throws(BackupFault) {
        state.withLock { kept in
            kept.cut = cut
            kept.through = cut.cut
        }
    }

    func extend(through: Sequence) async throws(BackupFault) { state.withLock { $0.through = through } }

    func close() async { state.withLock { $0.isClosed = true } }
}
