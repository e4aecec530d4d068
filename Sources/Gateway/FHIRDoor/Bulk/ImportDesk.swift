internal import Locks

/// The imports that this coordinator carries out: one at a time, since each keeps the registry busy by itself.
final class ImportDesk: Sendable {
    private let running = Mutex<String?>(nil)

    /// Begins an import; false while another one runs.
    func begin(_ id: String) -> Bool {
        running.withLock { running in
            guard running == nil else { return false }
            running = id
            return true
        }
    }

    /// Ends an import; one that is asked to stop is ended by its next piece.
    func end(_ id: String) {
        running.withLock { if $0 == id { $0 = nil } }
    }

    /// Whether an import still runs here.
    func isRunning(_ id: String) -> Bool { running.withLock { $0 == id } }
}
