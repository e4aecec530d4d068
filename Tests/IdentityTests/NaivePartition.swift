import Demographics
import Identifiers
import Identity

/// The dumb twin of the partition: every pair is looked at, every time.
struct NaivePartition {
    struct Fact {
        var reason: GuardReason
        var left: [UInt64]
        var right: [UInt64]
    }

    let policy: IdentityPolicy
    let facts: [RecordID: GuardFacts]
    let edges: [Component.Edge]
    let decisions: [StewardDecision]
    private var excused: [Fact] = []

    init(
        policy: IdentityPolicy,
        facts: [RecordID: GuardFacts],
        edges: [Component.Edge],
        decisions: [StewardDecision]
    ) {
        self.policy = policy
        self.facts = facts
        self.edges = NaivePartition.heaviest(edges.filter { $0.weight >= policy.matchThreshold }, policy.neighbourBound)
        self.decisions = decisions
    }

    /// Each record's heaviest edges, and those without which heavier ones would not lead from one end to the other.
    private static func heaviest(_ edges: [Component.Edge], _ bound: Int) -> [Component.Edge] {
        edges.filter { edge in
            let heavier = edges.filter { Component.Edge.precedes($0, edge) }
            return !isReached(from: edge.pair.a, edge.pair.b, over: heavier) || isHeavy(edge, edges, bound)
        }
    }

    private static func isReached(from start: RecordID, _ end: RecordID, over edges: [Component.Edge]) -> Bool {
        var reached: Set = [start]
        var before = 0
        while reached.count > before {
            before = reached.count
            for edge in edges where reached.contains(edge.pair.a) || reached.contains(edge.pair.b) {
                reached.formUnion([edge.pair.a, edge.pair.b])
            }
        }
        return reached.contains(end)
    }

    private static func isHeavy(_ edge: Component.Edge, _ edges: [Component.Edge], _ bound: Int) -> Bool {
        [edge.pair.a, edge.pair.b].contains { record in
            let mine = edges.filter { $0.pair.contains(record) }.sorted(by: Component.Edge.precedes)
            return mine.prefix(bound).contains(edge)
        }
    }

    private func isCrowded(_ record: RecordID) -> Bool {
        edges.count { $0.pair.contains(record) } >= policy.neighbourBound
    }

    /// The persons of all records, each sorted, by smallest member.
    mutating func persons() -> [[RecordID]] {
        var left = facts.keys.sorted()
        var result: [[RecordID]] = []
        while let start = left.first {
            var reached = [start]
            var index = 0
            while index < reached.count {
                for other in left where !reached.contains(other) && isConnected(reached[index], other) {
                    reached.append(other)
                }
                index += 1
            }
            left.removeAll { reached.contains($0) }
            result += partition(reached.sorted())
        }
        return result.sorted { $0[0] < $1[0] }
    }

    private func isConnected(_ one: RecordID, _ other: RecordID) -> Bool {
        let pair = RecordPair(one, other)
        return edges.contains { $0.pair == pair } || decisions.contains { $0.pair == pair && $0.kind == .mustLink }
    }

    private mutating func partition(_ members: [RecordID]) -> [[RecordID]] {
        var clusters = members.map { [$0] }
        excused = []
        var apart: [RecordPair] = []
        let mine = decisions.filter { members.contains($0.pair.a) && members.contains($0.pair.b) }
        for decision in mine.sorted(by: { $0.at > $1.at }) {
            guard let first = clusters.firstIndex(where: { $0.contains(decision.pair.a) }),
                let second = clusters.firstIndex(where: { $0.contains(decision.pair.b) }), first != second
            else { continue }
            if decision.kind == .cannotLink {
                apart.append(decision.pair)
            } else if !isApart(clusters[first], clusters[second], apart) {
                for one in clusters[first] {
                    for other in clusters[second] { excused += conflicts(one, other) }
                }
                join(&clusters, first, second)
            }
        }
        let local = edges.filter { members.contains($0.pair.a) }.sorted(by: Component.Edge.precedes)
        for edge in local { excuse(edge) }
        if case .average(let absent, let growth) = policy.linkage {
            joinByMeans(&clusters, local, apart, Int64(absent.millibits), growth)
            return clusters.map { $0.sorted() }
        }
        for edge in local {
            if members.count > policy.sizeBound && margin(edge) < policy.crowdedMargin { break }
            guard let first = clusters.firstIndex(where: { $0.contains(edge.pair.a) }),
                let second = clusters.firstIndex(where: { $0.contains(edge.pair.b) }), first != second
            else { continue }
            if isApart(clusters[first], clusters[second], apart) { continue }
            if clusters[first].contains(where: { one in clusters[second].contains { objects(one, $0) } }) { continue }
            join(&clusters, first, second)
        }
        return clusters.map { $0.sorted() }
    }

    private func join(_ clusters: inout [[RecordID]], _ first: Int, _ second: Int) {
        clusters[min(first, second)] += clusters.remove(at: max(first, second))
    }

    private func isApart(_ first: [RecordID], _ second: [RecordID], _ apart: [RecordPair]) -> Bool {
        apart.contains {
            (first.contains($0.a) && second.contains($0.b)) || (first.contains($0.b) && second.contains($0.a))
        }
    }

    private func margin(_ edge: Component.Edge) -> MatchWeight {
        MatchWeight(millibits: edge.weight.millibits - policy.matchThreshold.millibits)
    }

    private mutating func excuse(_ edge: Component.Edge) {
        for conflict in conflicts(edge.pair.a, edge.pair.b) {
            if case .unless(let needed) = strictness(conflict.reason), margin(edge) >= needed {
                excused.append(conflict)
            }
        }
    }

    private func strictness(_ reason: GuardReason) -> GuardPolicy.Strictness {
        switch reason {
        case .differentIdentifiers: policy.guards.differentIdentifiers
        case .differentBirthOrder: policy.guards.differentBirthOrder
        case .differentSexAndName: policy.guards.differentSexAndName
        case .contradictingBirthDates: policy.guards.contradictingBirthDates
        }
    }

    private func objects(_ one: RecordID, _ other: RecordID) -> Bool {
        conflicts(one, other).contains { conflict in
            !excused.contains {
                $0.reason == conflict.reason
                    && (($0.left == conflict.left && $0.right == conflict.right)
                        || ($0.left == conflict.right && $0.right == conflict.left))
            }
        }
    }

    private func conflicts(_ one: RecordID, _ other: RecordID) -> [Fact] {
        guard let left = facts[one], let right = facts[other] else { return [] }
        var found: [Fact] = []
        for authority in Set(left.identifiers.map(\.authority)).sorted() {
            let mine = left.identifiers.filter { $0.authority == authority }.map(\.value).sorted()
            let theirs = right.identifiers.filter { $0.authority == authority }.map(\.value).sorted()
            if !theirs.isEmpty && Set(mine).isDisjoint(with: theirs) {
                found.append(
                    Fact(reason: .differentIdentifiers, left: [authority, mine[0]], right: [authority, theirs[0]])
                )
            }
        }
        if left.birthOrder * right.birthOrder > 0 && left.birthOrder != right.birthOrder {
            found.append(
                Fact(
                    reason: .differentBirthOrder,
                    left: [UInt64(left.birthOrder)],
                    right: [UInt64(right.birthOrder)]
                )
            )
        }
        if left.givenName * right.givenName > 0 && left.givenName != right.givenName {
            if Set([left.sex, right.sex]) == [1, 2] {
                found.append(
                    Fact(
                        reason: .differentSexAndName,
                        left: [left.givenName, UInt64(left.sex)],
                        right: [right.givenName, UInt64(right.sex)]
                    )
                )
            }
            if contradict(left.birthDate, right.birthDate) {
                found.append(
                    Fact(
                        reason: .contradictingBirthDates,
                        left: [left.givenName, UInt64(left.birthDate)],
                        right: [right.givenName, UInt64(right.birthDate)]
                    )
                )
            }
        }
        return found.filter { strictness($0.reason) != .off }
    }

    private func contradict(_ left: UInt32, _ right: UInt32) -> Bool {
        let one = [left / 10_000, left / 100 % 100, left % 100].map(Int.init)
        let other = [right / 10_000, right / 100 % 100, right % 100].map(Int.init)
        if one.contains(0) || other.contains(0) { return false }
        if Array(one[1...]) == [1, 1] || Array(other[1...]) == [1, 1] { return false }
        if one[1] == other[2] && one[2] == other[1] { return false }
        return abs(one[0] - other[0]) > policy.guards.birthYearTolerance && one[1] != other[1] && one[2] != other[2]
    }

    private static func growth(_ rows: [[MatchWeight]], _ first: Int, _ second: Int) -> Int64 {
        let (small, large) = (min(first, second, rows.count), min(max(first, second), rows.count))
        return rows.isEmpty ? 0 : Int64(rows[large - 1][small - 1].millibits)
    }

    /// Weighs every two clusters again before every step.
    private mutating func joinByMeans(
        _ clusters: inout [[RecordID]],
        _ local: [Component.Edge],
        _ decided: [RecordPair],
        _ absent: Int64,
        _ growth: [[MatchWeight]]
    ) {
        var refused: [RecordPair] = []
        while true {
            var best: (mean: Int64, first: Int, second: Int)?
            clusters = clusters.map { $0.sorted() }.sorted { $0[0] < $1[0] }
            let order = clusters.indices
            for (place, first) in order.enumerated() {
                for second in order[(place + 1)...] {
                    let between = local.filter {
                        clusters[first].contains($0.pair.a) && clusters[second].contains($0.pair.b)
                            || clusters[first].contains($0.pair.b) && clusters[second].contains($0.pair.a)
                    }
                    let unknown = clusters[first].filter(isCrowded).reduce(0) { sum, one in
                        sum
                            + clusters[second].filter(isCrowded).count { other in
                                !between.contains { $0.pair == RecordPair(one, other) }
                            }
                    }
                    let pairs = Int64(clusters[first].count * clusters[second].count - unknown)
                    let sum =
                        between.reduce(-absent * (pairs - Int64(between.count))) {
                            $0 + Int64($1.weight.millibits) - Int64(policy.matchThreshold.millibits)
                        } + NaivePartition.growth(growth, clusters[first].count, clusters[second].count) * pairs
                    guard !between.isEmpty, sum >= 0, !isApart(clusters[first], clusters[second], decided),
                        !isApart(clusters[first], clusters[second], refused)
                    else { continue }
                    if sum * 16 / pairs > best?.mean ?? -1 { best = (sum * 16 / pairs, first, second) }
                }
            }
            guard let best else { return }
            if clusters[best.first].contains(where: { one in clusters[best.second].contains { objects(one, $0) } }) {
                if let pair = RecordPair(clusters[best.first][0], clusters[best.second][0]) { refused.append(pair) }
            } else {
                join(&clusters, best.first, best.second)
            }
        }
    }
}
