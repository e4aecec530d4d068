public import Identifiers
import Locks

/// How often each slot is asked for by this node: keys that are searched and rows that are read.
///
/// Every write begins with such questions, so writes are counted as well. One lock and some additions for a batch of
/// records, which costs hundreds of times as much.
final class SlotHeat: Sendable {
    /// After so many milliseconds counting begins anew, so that what is told is of the last minute or two.
    private static let window: UInt64 = 60_000

    private struct State {
        var counts = [UInt32](repeating: 0, count: Slot.count)
        var since: UInt64?
        /// What the window before came to, by minute.
        var former: [Double]?
    }

    private let state = Mutex(State())

    init() {}

    /// Counts questions.
    func note(_ hashes: some Swift.Sequence<UInt64>) {
        state.withLock { state in
            for hash in hashes { state.counts[Int(Slot(hash: hash).rawValue)] &+= 1 }
        }
    }

    /// Questions a minute, by slot: of the last full window, or of the one under way where there is none.
    func perMinute(now: UInt64) -> [Double] {
        state.withLock { state in
            guard let since = state.since, now > since else {
                // Nobody has asked before: what was counted is of an unknown time.
                state = State(since: now)
                return [Double](repeating: 0, count: Slot.count)
            }
            let rates = state.counts.map { Double($0) * 60_000 / Double(now - since) }
            guard now - since >= Self.window else { return state.former ?? rates }
            state = State(since: now, former: rates)
            return rates
        }
    }
}

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
