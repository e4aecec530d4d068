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
        let answers = await withTaskGroup(of: (ShardID, Result<ShardStatus, ShardError>).self) { group in
            for shard in routing.groups {
                group.addTask {
                    // The answer first, the pair after: see `FanOut`.
                    let result = await ask(shard, routing)
                    return (shard, result)
                }
            }
            var answers: [ShardID: Result<ShardStatus, ShardError>] = [:]
            for await (shard, result) in group { answers[shard] = result }
            return answers
        }
        var shards: [ClusterStatus.Shard] = []
        for shard in routing.groups {
            let replicated = (try? routing.client(shard)) as? any ReplicatedClient
            shards.append(
                ClusterStatus.Shard(
                    id: shard,
                    slots: routing.map.slotCount(of: shard),
                    status: answers[shard] ?? .failure(.timeout),
                    replicas: await replicated?.replicas(within: deadline) ?? []
                )
            )
        }
        return shards
    }

    private func ask(_ shard: ShardID, _ routing: Routing) async -> Result<ShardStatus, ShardError> {
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
