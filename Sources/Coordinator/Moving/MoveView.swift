import Identifiers
public import Topology

/// A move as operators see it.
public struct MoveView: Sendable {
    /// What the cluster map says of it.
    public var move: SlotMove
    /// What operators call its source.
    public var source: String
    /// What operators call its target.
    public var target: String
    /// Slots that are done in its present phase; `nil` where this node does not carry it out.
    public var slotsDone: Int?
    /// Slots of its present phase; twice as many as move while they are copied and then compared.
    public var slotsOfPhase: Int
    /// Bytes that were copied since this node leads.
    public var bytesCopied: UInt64
    /// Seconds until its present phase is over, as it went so far.
    public var secondsLeft: Int?
    /// Why it does not go on right now.
    public var held: String?

    init(_ move: SlotMove, in map: ClusterMap, _ figures: MoveProgress.Figures?, now: UInt64) {
        self.move = move
        source = Self.name(move.source, in: map)
        target = Self.name(move.target, in: map)
        slotsOfPhase = move.slotCount * (move.phase == .copying ? 2 : 1)
        bytesCopied = 0
        guard let figures, figures.move == move.id, figures.phase == move.phase else { return }
        slotsDone = figures.slotsDone
        bytesCopied = figures.bytesCopied
        held = figures.held
        let spent = now - min(now, figures.began)
        if figures.slotsDone > 0 {
            let left = max(slotsOfPhase - figures.slotsDone, 0)
            secondsLeft = Int(spent) * left / figures.slotsDone / 1_000
        }
    }

    static func name(_ group: ShardID, in map: ClusterMap) -> String {
        map.group(group)?.replicas.first?.name ?? "\(group)"
    }
}
