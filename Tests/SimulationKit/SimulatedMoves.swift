import Identifiers
import Locks
import Topology

/// Moves slots about while everything else happens: the operator of a simulated cluster.
///
/// Like a real one it changes the map alone; what happens then is up to whoever leads.
final class SimulatedMoves: Sendable {
    private let options: SimulationOptions
    private let control: SimulatedControl
    private let time: VirtualTime
    private let random: Mutex<SimulationRandom>

    init(_ options: SimulationOptions, control: SimulatedControl, time: VirtualTime, seed: UInt64) {
        self.options = options
        self.control = control
        self.time = time
        random = Mutex(SimulationRandom(seed: seed))
    }

    /// The map that a simulated cluster begins with: the spare nodes own nothing.
    static func firstMap(_ options: SimulationOptions) -> ClusterMap {
        let groups = (0..<(options.shards + options.spares)).map { number in
            ShardGroup(
                id: ShardID(UInt16(number)),
                replicas: [Replica(name: "shard-\(number + 1)", address: "simulated:\(number)")]
            )
        }
        let owners = SlotMap(evenly: options.shards).owners
        guard let map = try? ClusterMap(version: 1, groups: groups, owners: owners) else {
            preconditionFailure("all slots are dealt out to groups that exist")
        }
        return map
    }

    private func draw(_ bound: Int) -> Int { random.withLock { Int($0.next(below: UInt64(max(bound, 1)))) } }

    /// The map now.
    var map: ClusterMap { control.stored?.map ?? Self.firstMap(options) }

    /// Begins moves, and pauses or gives up some, until enough were begun or the storm is over.
    func run(_ storming: () -> Bool) async {
        for _ in 0..<options.moves where !Task.isCancelled {
            await time.sleep(microseconds: UInt64(draw(120_000)) + 1)
            guard storming() else { return }
            await change { $0.moves.append(self.plan($0)) }
            for _ in 0..<draw(3) {
                await time.sleep(microseconds: UInt64(draw(200_000)) + 1)
                guard storming() else { return }
                await meddle()
            }
        }
    }

    /// A run of slots of one owner to somebody else; most of its slots, so that some of the few records are among them.
    private func plan(_ map: ClusterMap) -> SlotMove {
        let groups = map.groups.map(\.id)
        let owned = groups.filter { group in map.owners.contains(group) }
        let source = owned[draw(owned.count)]
        let others = groups.filter { $0 != source }
        let target = others[draw(others.count)]
        let free = map.owners.indices.filter { slot in
            map.owners[slot] == source && Slot(slot).map { map.move(of: $0) == nil } ?? false
        }
        var ranges: [Range<Int>] = []
        let skipped = draw(free.count / 2)
        let taken = draw(4) == 0 ? free.count : free.count / 2 + draw(free.count / 2)
        for slot in free.dropFirst(draw(4) == 0 ? 0 : skipped).prefix(taken) {
            if let last = ranges.last, last.upperBound == slot {
                ranges[ranges.count - 1] = last.lowerBound..<(slot + 1)
            } else {
                ranges.append(slot..<(slot + 1))
            }
        }
        return SlotMove(id: (map.moves.last?.id ?? 0) + 1, slots: ranges, source: source, target: target)
    }

    /// Pauses a move, lets one go on, or gives one up.
    private func meddle() async {
        await change { map in
            guard let place = map.moves.lastIndex(where: { !$0.phase.isOver }) else { return }
            switch self.draw(4) {
            case 0 where map.moves[place].phase != .flipped: map.moves[place].phase = .aborted
            case 1: map.moves[place].isPaused.toggle()
            default: break
            }
        }
    }

    /// Lets every move go on and waits until all are over.
    ///
    /// - Returns: what is wrong where they do not come to an end.
    func finish() async -> [String] {
        for _ in 0..<Self.patience {
            guard map.moves.contains(where: { !$0.phase.isOver }) else {
                // Behind a move that was given up, and the last one, something is still to be cleaned up.
                await time.sleep(.seconds(30))
                return []
            }
            if map.moves.contains(where: { $0.isPaused && !$0.phase.isOver }) {
                await change { map in for place in map.moves.indices { map.moves[place].isPaused = false } }
            }
            await time.sleep(.seconds(1))
        }
        return ["moves do not come to an end: \(map.moves.filter { !$0.phase.isOver })"]
    }

    /// Seconds until a healed cluster must have finished its moves.
    private static let patience = 300

    private func change(_ edit: @Sendable (inout ClusterMap) -> Void) async {
        guard let stored = try? await control.clusterMap(), let next = try? stored.map.changing(edit) else { return }
        // Whoever was faster changed the map as well: an operator would look and try again, or not.
        _ = try? await control.replace(next, expecting: stored.revision)
    }
}
