import ShardProtocol
import SimulationKit

/// A replica that loses its disk before it is asked for the operations of its last message.
struct LostDiskClient: ShardClient {
    let node: TwinNode

    func call(_ request: ShardRequest) async throws(ShardError) -> ShardAnswer {
        if request == .tail(withOperations: true) { await node.wipe() }
        return try await node.receive(request)
    }
}
