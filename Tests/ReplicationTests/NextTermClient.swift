import Identifiers
import Locks
import ShardProtocol
import SimulationKit

/// A replica that hears of the next term before it answers a question of this one.
final class NextTermClient: ShardClient {
    private let node: TwinNode
    private let begin = Mutex<(@Sendable () async -> Void)?>(nil)

    init(node: TwinNode) { self.node = node }

    /// What begins the next term when rows or digests are asked for.
    func arm(_ begin: @escaping @Sendable () async -> Void) { self.begin.withLock { $0 = begin } }

    func call(_ request: ShardRequest) async throws(ShardError) -> ShardAnswer {
        guard case .guarded(_, let question) = request, question != .status, !request.isCommit else {
            return try await node.receive(request)
        }
        let begin = begin.withLock { begin in
            defer { begin = nil }
            return begin
        }
        await begin?()
        return try await node.receive(request)
    }
}
