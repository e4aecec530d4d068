internal import Locks

/// Counts what is under way, up to a bound.
final class OpenCount: Sendable {
    private let open = Mutex(0)

    /// Lets one in where there is room.
    func enter(limit: Int) -> Bool {
        open.withLock { open in
            guard open < limit else { return false }
            open += 1
            return true
        }
    }

    /// One has left.
    func leave() { open.withLock { $0 -= 1 } }
}
