import Identifiers
import Locks
import Topology

/// How far the move is that is being carried out; what a new leader does not know it finds out again.
final class MoveProgress: Sendable {
    /// What is known of a move.
    struct Figures: Sendable {
        var move: UInt64
        var phase: SlotMove.Phase
        /// When this phase began here, in milliseconds since 1970.
        var began: UInt64
        /// Slots of this phase that are done, of two passes together while copying.
        var slotsDone = 0
        var bytesCopied: UInt64 = 0
        var bytesDropped: UInt64 = 0
        /// Why it does not go on, where it does not.
        var held: String?
    }

    private let state = Mutex<Figures?>(nil)

    init() {}

    /// The move that is being carried out, or was last.
    var figures: Figures? { state.withLock { $0 } }

    func begin(_ move: SlotMove, now: UInt64) {
        state.withLock { state in
            if state?.move != move.id { state = Figures(move: move.id, phase: move.phase, began: now) }
            // A step that is begun again looks at all slots again.
            state?.slotsDone = 0
            state?.began = now
            state?.phase = move.phase
            state?.held = nil
        }
    }

    func settled(_ slots: Int, bytes: Int) {
        state.withLock { state in
            state?.slotsDone += slots
            state?.bytesCopied += UInt64(bytes)
            state?.held = nil
        }
    }

    func dropped(_ slots: Int, bytes: Int) {
        state.withLock { state in
            state?.slotsDone += slots
            state?.bytesDropped += UInt64(bytes)
        }
    }

    func note(_ interruption: MoveInterruption) {
        guard case .later(let text) = interruption else { return }
        state.withLock { $0?.held = text }
    }
}
