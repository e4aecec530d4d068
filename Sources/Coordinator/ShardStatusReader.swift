import Identifiers
import ShardProtocol
import Topology

/// Asks all shards at once how they are, and none for longer than a moment.
struct ShardStatusReader: Sendable {
    let fanOut: FanOut
    let clock: any CoordinatorClock
    let deadline: Duration

    /// Where every shard stands, in the order of shards; one that hangs is a `timeout`.
    func read() async -> [ClusterStatus.Shard] {
        let routing = fanOut.routing
        let shards = await withTaskGroup(of: ClusterStatus.Shard.self) { group in
            for shard in routing.groups {
                group.addTask { await look(at: shard, routing) }
            }
            var shards: [ClusterStatus.Shard] = []
            for await shard in group { shards.append(shard) }
            return shards
        }
        return shards.sorted { $0.id < $1.id }
    }

    private func look(at shard: ShardID, _ routing: Routing) async -> ClusterStatus.Shard {
        let group = (try? routing.client(shard)) as? any ReplicatedClient
        async let replicas = group?.replicas(within: deadline) ?? []
        let status = await ask(shard, routing)
        let slots = routing.map.slotCount(of: shard)
        return ClusterStatus.Shard(id: shard, slots: slots, status: status, replicas: await replicas)
    }

    /// Asks one shard, and not for longer than a moment.
    func ask(_ shard: ShardID, _ routing: Routing) async -> Result<ShardStatus, ShardError> {
        await withTaskGroup(of: Result<ShardStatus, ShardError>.self) { group in
            group.addTask {
                do throws(ShardError) {
                    return .success(try await routing.client(shard).status())
                } catch {
                    return .failure(error)
                }
            }
            group.addTask {
                await clock.sleep(deadline)
                return .failure(.timeout)
            }
            let first = await group.next() ?? .failure(.timeout)
            group.cancelAll()
            return first
        }
    }
}
