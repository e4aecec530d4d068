import Foundation
public import Identifiers

/// How good the persons found are, estimated without anybody telling who is who.
///
/// A pair's weight is log2 of its odds, so the expected true pairs are sums of probabilities. Two records of one person
/// that agree little are vouched for by a third that agrees with both; and where two persons were kept apart although
/// some pair across them looked alike, all pairs across them are asked together.
public struct QualityEstimate: Sendable, Equatable {
    /// Estimated share of the pairs put into one person that belong there.
    public private(set) var precision = 1.0
    /// Estimated share of the pairs of one person that were put together.
    public private(set) var recall = 1.0
    /// Pairs put into one person.
    public private(set) var pairs = 0
    /// Estimated pairs of one person in the population.
    public private(set) var truePairs = 0.0

    /// A scored pair of records, by position.
    public struct Edge: Sendable {
        /// The lesser position.
        public var first: UInt32
        /// The greater position.
        public var second: UInt32
        /// log2 of the odds, beyond even ones.
        public var weight: MatchWeight

        /// Describes a scored pair.
        public init(first: UInt32, second: UInt32, weight: MatchWeight) {
            self.first = first
            self.second = second
            self.weight = weight
        }
    }

    /// How far below even odds a pair counts that was never scored or scored low, in bits.
    static let absentBits = -6.0

    /// Estimates.
    ///
    /// - Parameters:
    ///   - edges: scored pairs, those at and above the review threshold at least, each once.
    ///   - persons: the person of each record, by position.
    ///   - unscored: estimated pairs of one person that are not among the edges.
    public init(edges: [Edge], persons: [UInt32], unscored: Double) {
        var sizes = [Int](repeating: 0, count: persons.count)
        for person in persons { sizes[Int(person)] += 1 }
        pairs = sizes.reduce(0) { $0 + $1 * ($1 - 1) / 2 }
        var inside: [Edge] = []
        var across: [(key: UInt64, bits: Double)] = []
        for edge in edges {
            let (left, right) = (persons[Int(edge.first)], persons[Int(edge.second)])
            if left == right {
                inside.append(edge)
            } else {
                across.append((UInt64(min(left, right)) << 32 | UInt64(max(left, right)), edge.weight.bits))
            }
        }
        let found = QualityEstimate.vouched(inside, persons) + QualityEstimate.unscored(inside, pairs)
        let missed = QualityEstimate.missed(across, sizes) + unscored
        if pairs > 0 { precision = min(1, found / Double(pairs)) }
        truePairs = found + missed
        if truePairs > 0 { recall = min(1, found / truePairs) }
    }

    private static func share(_ bits: Double) -> Double { 1 / (1 + exp2(-max(-60, min(60, bits)))) }

    /// Expected true pairs among the scored ones inside persons.
    private static func vouched(_ edges: [Edge], _ persons: [UInt32]) -> Double {
        let ordered = edges.sorted {
            (persons[Int($0.first)], $0.first, $0.second) < (persons[Int($1.first)], $1.first, $1.second)
        }
        var sum = 0.0
        var start = 0
        while start < ordered.count {
            var end = start + 1
            while end < ordered.count, persons[Int(ordered[end].first)] == persons[Int(ordered[start].first)] {
                end += 1
            }
            sum += vouched(ordered[start..<end])
            start = end
        }
        return sum
    }

    private static func vouched(_ edges: ArraySlice<Edge>) -> Double {
        guard edges.count > 1 else { return edges.reduce(0) { $0 + share($1.weight.bits) } }
        var neighbours: [UInt32: [(other: UInt32, share: Double)]] = [:]
        for edge in edges {
            let share = share(edge.weight.bits)
            neighbours[edge.first, default: []].append((edge.second, share))
            neighbours[edge.second, default: []].append((edge.first, share))
        }
        var sum = 0.0
        for edge in edges {
            let own = share(edge.weight.bits)
            var best = 0.0
            if own < 0.99, let near = neighbours[edge.first], let far = neighbours[edge.second] {
                let shares = Dictionary(far.map { ($0.other, $0.share) }, uniquingKeysWith: max)
                for item in near { best = max(best, item.share * (shares[item.other] ?? 0)) }
            }
            sum += 1 - (1 - own) * (1 - best)
        }
        return sum
    }

    /// Pairs inside persons without an edge are vouched for by what joined them: they count as the others on average.
    private static func unscored(_ edges: [Edge], _ pairs: Int) -> Double {
        guard !edges.isEmpty else { return 0 }
        let mean = edges.reduce(0) { $0 + share($1.weight.bits) } / Double(edges.count)
        return Double(pairs - edges.count) * mean * mean
    }

    /// Expected true pairs between persons that were kept apart.
    private static func missed(_ across: [(key: UInt64, bits: Double)], _ sizes: [Int]) -> Double {
        let ordered = across.sorted { ($0.key, $0.bits) < ($1.key, $1.bits) }
        var sum = 0.0
        var start = 0
        while start < ordered.count {
            let key = ordered[start].key
            var (end, bits) = (start, 0.0)
            while end < ordered.count, ordered[end].key == key {
                bits += ordered[end].bits
                end += 1
            }
            let pairs = Double(sizes[Int(key >> 32)] * sizes[Int(key & 0xFFFF_FFFF)])
            bits += absentBits * max(0, pairs - Double(end - start))
            sum += pairs * share(bits / pairs)
            start = end
        }
        return sum
    }
}
