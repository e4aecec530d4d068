import Identifiers
import Locks
import ShardProtocol
import Topology

/// Which shards do not answer, as this node last found.
///
/// Only where the rules let records be taken meanwhile is it looked at all the time.
final class SilentShards: Sendable {
    private let fanOut: FanOut
    private let reader: ShardStatusReader
    private let found = Mutex(Set<ShardID>())

    init(fanOut: FanOut, clock: any CoordinatorClock, deadline: Duration) {
        self.fanOut = fanOut
        reader = ShardStatusReader(fanOut: fanOut, clock: clock, deadline: deadline)
    }

    /// Those that did not answer when they were last asked.
    var known: Set<ShardID> { found.withLock { $0 } }

    /// Asks all that hold anything, and none for longer than a moment.
    func look() async -> Set<ShardID> {
        let routing = fanOut.routing
        let silent = await withTaskGroup(of: ShardID?.self) { group in
            for shard in routing.activeGroups {
                group.addTask {
                    guard case .failure(let error) = await self.reader.ask(shard, routing), error.isSilence else {
                        return nil
                    }
                    return shard
                }
            }
            var silent: Set<ShardID> = []
            for await shard in group {
                if let shard { silent.insert(shard) }
            }
            return silent
        }
        found.withLock { $0 = silent }
        return silent
    }
}
