public import Identifiers

/// A slot that is asked for more than others.
public struct HotSlot: Sendable, Equatable {
    /// Which.
    public var slot: Slot
    /// Who answers for it.
    public var shard: ShardID
    /// How often this node asks for it.
    public var perMinute: Int
    /// Its share of all that this node asks for.
    public var percent: Int

    /// Names a slot.
    public init(slot: Slot, shard: ShardID, perMinute: Int, percent: Int) {
        self.slot = slot
        self.shard = shard
        self.perMinute = perMinute
        self.percent = percent
    }

    /// Slots that are told of.
    static let limit = 5
    /// Questions a minute below which no slot is hot: of few questions chance alone gives some slots many.
    static let fewest = 1_000.0

    /// The slots that are asked for most, those alone that get several times their share.
    static func hottest(_ perMinute: [Double], owner: (Slot) -> ShardID) -> [HotSlot] {
        let total = perMinute.reduce(0, +)
        guard total >= 1 else { return [] }
        // An even share is a fortieth of a percent.
        let hot = perMinute.indices.filter { perMinute[$0] >= total / 100 && perMinute[$0] >= fewest }
        return hot.sorted { (perMinute[$0], $1) > (perMinute[$1], $0) }.prefix(limit).compactMap { number in
            guard let slot = Slot(number) else { return nil }
            return HotSlot(
                slot: slot,
                shard: owner(slot),
                perMinute: Int(perMinute[number].rounded()),
                percent: Int((perMinute[number] * 100 / total).rounded())
            )
        }
    }
}
