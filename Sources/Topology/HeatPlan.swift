import Identifiers

/// Deals hot slots out: pairs of slots change places between groups until no group is asked much more than its share.
///
/// Pairs, so that each group keeps as many slots as it had. Each step takes from the group that is asked most and gives
/// to the one that is asked least, or to the next if there is no pair for that one. Of the pairs that better it nearly
/// as much as the best one does, the one with the fewest bytes is taken, then the one with the lowest numbers: the same
/// input gives the same plan.
struct HeatPlan {
    /// By what part of an even share the heat of the hottest group has to fall, or nothing moves: less is chance, and
    /// slots would wander.
    static let margin = 0.1
    /// How far from an even share of the bytes a group may come, or stay, as a part of it.
    static let evenness = 0.1
    /// A group with this little more than an even share of the heat is not looked after any more.
    private static let enough = 0.02
    /// What part of an even share one pair has to better.
    private static let leastGain = 0.005
    /// How near to the best pair another one has to be to be taken for its fewer bytes.
    private static let nearBest = 0.9
    /// Pairs at most: a bound of the work, some milliseconds each.
    private static let pairLimit = 256

    private let groups: [ShardID]
    private let loads: SlotLoads
    /// Slots that stay where they are since they are moving already.
    private let fixed: [Bool]
    private(set) var owners: [ShardID]

    /// A pair of slots that may change places.
    private struct Pair {
        var hot: Int
        var cold: Int
        var gain: Double
        var bytes: Double
    }

    init(groups: [ShardID], owners: [ShardID], fixed: [Bool], loads: SlotLoads) {
        self.groups = groups
        self.owners = owners
        self.fixed = fixed
        self.loads = loads
    }

    /// Deals out.
    ///
    /// - Returns: whether that betters the hottest group by the margin; else everything stays as it was.
    mutating func spread() -> Bool {
        let before = owners
        let even = loads.heat.reduce(0, +) / Double(max(groups.count, 1))
        guard groups.count > 1, even > 0 else { return false }
        let first = hottest(loads.byGroup(owners))
        for _ in 0..<Self.pairLimit {
            guard let pair = next(even) else { break }
            owners.swapAt(pair.hot, pair.cold)
        }
        guard first - hottest(loads.byGroup(owners)) >= even * Self.margin else {
            owners = before
            return false
        }
        return true
    }

    private func hottest(_ loads: [ShardID: SlotLoads.Load]) -> Double {
        groups.map { loads[$0]?.heat ?? 0 }.max() ?? 0
    }

    private func next(_ even: Double) -> Pair? {
        let now = loads.byGroup(owners)
        func heat(_ group: ShardID) -> Double { now[group]?.heat ?? 0 }
        let ranked = groups.sorted { (heat($1), $0) < (heat($0), $1) }
        guard let hot = ranked.first, heat(hot) > even * (1 + Self.enough) else { return nil }
        for cold in ranked.dropFirst().reversed() {
            let gap = heat(hot) - heat(cold)
            guard gap / 2 >= even * Self.leastGain else { return nil }
            if let pair = best(hot, cold, gap, least: even * Self.leastGain, now) { return pair }
        }
        return nil
    }

    private func free(_ group: ShardID) -> [Int] { owners.indices.filter { owners[$0] == group && !fixed[$0] } }

    /// The pair after which the hotter of two groups is coolest.
    private func best(
        _ hot: ShardID,
        _ cold: ShardID,
        _ gap: Double,
        least: Double,
        _ now: [ShardID: SlotLoads.Load]
    ) -> Pair? {
        let offered = free(cold).sorted { (loads.heat[$0], $0) < (loads.heat[$1], $1) }
        var pairs: [Pair] = []
        for slot in free(hot) where loads.heat[slot] >= least {
            // Best is to give half of the gap: the slot that comes back should be by so much cooler.
            let wanted = loads.heat[slot] - gap / 2
            let place = Self.firstIndex(in: offered) { loads.heat[$0] >= wanted }
            for index in [place - 1, place] where offered.indices.contains(index) {
                let back = offered[index]
                let given = loads.heat[slot] - loads.heat[back]
                let gain = min(given, gap - given)
                guard gain >= least, staysEven(hot, cold, loads.bytes[slot] - loads.bytes[back], now) else { continue }
                pairs.append(Pair(hot: slot, cold: back, gain: gain, bytes: loads.bytes[slot] + loads.bytes[back]))
            }
        }
        let top = pairs.lazy.map(\.gain).max() ?? 0
        return pairs.filter { $0.gain >= top * Self.nearBest }
            .min { ($0.bytes, $0.hot, $0.cold) < ($1.bytes, $1.hot, $1.cold) }
    }

    /// Whether no group leaves its share of the bytes, or, where it had left it, goes farther.
    private func staysEven(
        _ from: ShardID,
        _ to: ShardID,
        _ given: Double,
        _ now: [ShardID: SlotLoads.Load]
    ) -> Bool {
        let even = loads.bytes.reduce(0, +) / Double(groups.count)
        return [(now[from]?.bytes ?? 0, -given), (now[to]?.bytes ?? 0, given)].allSatisfy { had, change in
            let allowed = max(abs(had - even), even * Self.evenness)
            return abs(had + change - even) <= allowed
        }
    }

    /// The first place in an ordered list from which on something holds.
    private static func firstIndex(in list: [Int], where holds: (Int) -> Bool) -> Int {
        var (low, high) = (0, list.count)
        while low < high {
            let middle = (low + high) / 2
            if holds(list[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
