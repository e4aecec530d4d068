import Locks
import ShardProtocol
import SimulationKit

/// A shard that can be told to let commits wait, and then to carry them out or to refuse them all.
final class HeldShard: ShardClient {
    private struct State {
        var isHeld = false
        var held: [CheckedContinuation<Bool, Never>] = []
        var reads = 0
    }

    private let twin = TwinShard()
    private let state = Mutex(State())

    /// Commits that wait.
    var waiting: Int { state.withLock { $0.held.count } }
    /// Read requests answered so far.
    var reads: Int { state.withLock { $0.reads } }

    /// From now on commits wait.
    func hold() { state.withLock { $0.isHeld = true } }

    /// Refuses all commits that wait.
    func refuse() { end(false, hold: true) }

    /// Carries out all commits that wait and from now on every one at once.
    func release() { end(true, hold: false) }

    private func end(_ good: Bool, hold: Bool) {
        let held = state.withLock { state in
            state.isHeld = hold
            defer { state.held = [] }
            return state.held
        }
        for one in held { one.resume(returning: good) }
    }

    func call(_ request: ShardRequest) async throws(ShardError) -> ShardAnswer {
        if case .read = request { state.withLock { $0.reads += 1 } }
        if case .commit = request, state.withLock({ $0.isHeld }) {
            let isGood = await withCheckedContinuation { continuation in
                state.withLock { $0.held.append(continuation) }
            }
            guard isGood else { throw .storage("the disk is gone") }
        }
        return try await twin.call(request)
    }
}
