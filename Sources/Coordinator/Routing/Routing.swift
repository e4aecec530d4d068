import Identifiers
import ShardProtocol
import Topology

/// Where everything goes at one moment: a cluster map with a client of each of its groups.
///
/// A value: whoever begins something takes one and keeps to it. So a question never asks one shard by an old map and
/// another by a new one.
struct Routing: Sendable {
    /// The map.
    let map: ClusterMap
    /// The map's revision in the control plane.
    let revision: UInt64
    /// Groups that own slots, in order.
    let owningGroups: [ShardID]
    /// A client of each group, by its number; `nil` where a number is not in use.
    let clients: [(any ShardClient)?]
    /// By slot, the number of who answers for it.
    private let owners: [UInt16]
    /// By slot, who gets the writes besides the owner: one more than its number, 0 where nobody does.
    private let seconds: [UInt16]

    /// Lays a map out.
    ///
    /// - Parameters:
    ///   - stored: the map.
    ///   - clients: a client of each group, by its number.
    ///   - released: moves whose source is not written to any more, since it is about to drop the slots.
    ///   - writesBoth: false plants the fault that slots on the move are written to their owners alone.
    init(
        _ stored: StoredMap,
        clients: [(any ShardClient)?],
        released: Set<UInt64> = [],
        writesBoth: Bool = true
    ) {
        map = stored.map
        owningGroups = Set(stored.map.owners).sorted()
        revision = stored.revision
        self.clients = clients
        owners = stored.map.owners.map(\.rawValue)
        var seconds = [UInt16](repeating: 0, count: Slot.count)
        for move in stored.map.moves where writesBoth {
            guard let second = Self.second(of: move, released) else { continue }
            for slot in move.slots.joined() { seconds[slot] = second.rawValue + 1 }
        }
        self.seconds = seconds
    }

    /// Who gets the writes of a move's slots besides their owner.
    ///
    /// While the target fills it does; after the flip the source goes on getting them for a while, for those who read
    /// by the map before.
    private static func second(of move: SlotMove, _ released: Set<UInt64>) -> ShardID? {
        switch move.phase {
        case .copying, .caughtUp: move.target
        case .flipped: released.contains(move.id) ? nil : move.source
        case .planned, .dropped, .aborted: nil
        }
    }

    /// One more than the highest number of a group.
    var width: Int { clients.count }

    /// All groups in order.
    var groups: [ShardID] { map.groups.map(\.id) }

    /// Groups that hold anything or are about to: owners, and both ends of a move under way.
    ///
    /// A group that was added a moment ago, or is empty, is not asked for anything: whether it lives does not matter.
    var activeGroups: [ShardID] {
        var active = Set(owningGroups)
        for move in map.moves where move.phase.writesBoth || move.phase == .flipped {
            active.insert(move.source)
            active.insert(move.target)
        }
        return active.sorted()
    }

    /// Who answers for a slot.
    func owner(of slot: Slot) -> ShardID { ShardID(owners[Int(slot.rawValue)]) }

    /// Who answers for a key.
    func owner(ofHash hash: UInt64) -> ShardID { owner(of: Slot(hash: hash)) }

    /// The number of who answers for a key.
    func place(ofHash hash: UInt64) -> Int { Int(owners[Int(Slot(hash: hash).rawValue)]) }

    /// The number of who else is to be written to; `nil` for nearly all keys nearly all the time.
    func second(ofHash hash: UInt64) -> Int? {
        let second = seconds[Int(Slot(hash: hash).rawValue)]
        return second == 0 ? nil : Int(second) - 1
    }

    /// Whether writes under a key reach a group.
    func writes(_ hash: UInt64, to shard: ShardID) -> Bool {
        place(ofHash: hash) == Int(shard.rawValue) || second(ofHash: hash) == Int(shard.rawValue)
    }

    /// The client of a group.
    ///
    /// - Throws: `ShardError.unavailable` where there is no such group.
    func client(_ shard: ShardID) throws(ShardError) -> any ShardClient { try client(Int(shard.rawValue)) }

    /// The client of the group of a number.
    func client(_ place: Int) throws(ShardError) -> any ShardClient {
        guard clients.indices.contains(place), let client = clients[place] else {
            throw .unavailable("\(ShardID(UInt16(place))) is not in the cluster map")
        }
        return client
    }
}
