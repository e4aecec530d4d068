import Locks
import ShardProtocol
import SimulationKit

/// A replica whose answer to a write is lost, in a moment in which its leader's lease ends.
final class LastWriteClient: ShardClient {
    private let node: TwinNode
    private let control: LapsingControl
    private let counted = Mutex((isArmed: false, writes: 0))

    init(node: TwinNode, control: LapsingControl) {
        self.node = node
        self.control = control
    }

    /// Writes that were sent since it was armed.
    var writes: Int { counted.withLock { $0.writes } }

    /// The next write is the last one.
    func arm() { counted.withLock { $0.isArmed = true } }

    func call(_ request: ShardRequest) async throws(ShardError) -> ShardAnswer {
        guard request.isCommit, counted.withLock({ $0.isArmed }) else { return try await node.receive(request) }
        counted.withLock { $0.writes += 1 }
        control.lapse()
        throw .timeout
    }
}

extension ShardRequest {
    /// Whether it is a commit, also one that stands behind a guard.
    var isCommit: Bool {
        switch self {
        case .commit: true
        case .guarded(_, let request): request.isCommit
        default: false
        }
    }
}
