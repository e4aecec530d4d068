import Identifiers

@testable import Topology

/// Maps for tests.
enum MapSamples {
    /// Two groups, the second of two replicas, and a move of each kind of its own.
    static func elastic() throws -> ClusterMap {
        try ClusterMap(
            version: 7,
            groups: [
                ShardGroup(id: ShardID(0), replicas: [Replica(name: "shard-1", address: "10.0.0.1:8081")]),
                ShardGroup(
                    id: ShardID(2),
                    replicas: [
                        Replica(name: "shard-3a", address: "10.0.0.3:8081"),
                        Replica(name: "shard-3b", address: "[fd00::3]:8081", state: .catchingUp),
                    ],
                    minimumInSync: 2
                ),
            ],
            owners: (0..<Slot.count).map { ShardID($0 < 2_048 ? 0 : 2) },
            moves: [
                SlotMove(id: 1, slots: [0..<50], source: ShardID(1), target: ShardID(0), phase: .dropped),
                SlotMove(
                    id: 3,
                    slots: [0..<100, 200..<300],
                    source: ShardID(0),
                    target: ShardID(2),
                    phase: .copying,
                    isPaused: true,
                    bytesPerSecond: 1_000_000
                ),
                SlotMove(id: 4, slots: [4_000..<4_096], source: ShardID(0), target: ShardID(2), phase: .flipped),
            ]
        )
    }

    /// A sound map drawn at random.
    static func drawn(_ random: inout some RandomNumberGenerator) throws -> ClusterMap {
        var groups: [ShardGroup] = []
        var id = 0
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let replicas = (0..<Int.random(in: 1...4, using: &random)).map { copy in
                Replica(
                    name: "shard-\(id)-\(copy)",
                    address: "h\(id):\(copy)",
                    state: copy == 0 ? .inSync : Replica.State.allCases.randomElement(using: &random) ?? .out
                )
            }
            groups.append(
                ShardGroup(
                    id: ShardID(UInt16(id)),
                    replicas: replicas,
                    minimumInSync: Int.random(in: 1...replicas.count, using: &random),
                    epoch: Epoch(Bool.random(using: &random) ? UInt64.random(in: 0...UInt64.max, using: &random) : 0)
                )
            )
            id += Int.random(in: 1...3, using: &random)
        }
        var owners: [ShardID] = []
        while owners.count < Slot.count {
            let run = min(Int.random(in: 1...900, using: &random), Slot.count - owners.count)
            let owner = groups.randomElement(using: &random)?.id ?? groups[0].id
            owners += [ShardID](repeating: owner, count: run)
        }
        return try ClusterMap(
            version: UInt64.random(in: 1...1_000_000, using: &random),
            groups: groups,
            owners: owners,
            moves: moves(groups, owners, &random)
        )
    }

    private static func moves(
        _ groups: [ShardGroup],
        _ owners: [ShardID],
        _ random: inout some RandomNumberGenerator
    ) -> [SlotMove] {
        var moves: [SlotMove] = []
        var slot = 0
        for id in 0..<UInt64.random(in: 0...5, using: &random) {
            slot += Int.random(in: 1...400, using: &random)
            let other = groups.randomElement(using: &random)?.id ?? owners[slot]
            guard other != owners[slot] else { continue }
            let phase = SlotMove.Phase.allCases.randomElement(using: &random) ?? .planned
            let isFlipped = phase == .flipped
            moves.append(
                SlotMove(
                    id: id * 3,
                    slots: [slot..<(slot + 1)],
                    source: isFlipped ? other : owners[slot],
                    target: isFlipped ? owners[slot] : other,
                    phase: phase,
                    isPaused: Bool.random(using: &random),
                    bytesPerSecond: UInt64.random(in: 0...UInt64.max, using: &random)
                )
            )
        }
        return moves
    }
}
