import Locks
import Topology

/// For which moves the source must still keep what it handed over.
///
/// Known to the leader that carries them out alone: the next one lets the time begin anew.
final class MoveGraces: Sendable {
    private struct State {
        var begun: Set<UInt64> = []
        var over: Set<UInt64> = []
    }

    private let state = Mutex(State())

    /// Notes which moves have flipped.
    ///
    /// - Returns: the numbers of those whose time begins now.
    func begin(_ moves: [SlotMove]) -> [UInt64] {
        state.withLock { state in
            let fresh = moves.filter { $0.phase == .flipped && !state.begun.contains($0.id) }.map(\.id)
            state.begun.formUnion(fresh)
            return fresh
        }
    }

    /// The time of a move is over.
    func end(_ move: UInt64) { state.withLock { _ = $0.over.insert(move) } }

    /// The move that is taken further now: one whose source may let go, or else the first that has not flipped yet.
    func next(of moves: [SlotMove]) -> SlotMove? {
        let over = state.withLock { $0.over }
        let waiting = moves.filter { !$0.phase.isOver && !$0.isPaused }
        return waiting.first { $0.phase == .flipped && over.contains($0.id) } ?? waiting.first { $0.phase != .flipped }
    }
}
