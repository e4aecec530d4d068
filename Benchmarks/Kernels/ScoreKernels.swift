import Identifiers
import Matching

/// What a shard does for every candidate.
enum ScoreKernels {
    static let all = [prepare, bound, score, scoreAboveFloor]

    private static let prepare = Kernel(name: "query-prepare", item: "a query made ready", items: 8_192) {
        let rules = try Inputs.rules()
        let keyed = Inputs.keyed(4_096, rules)
        return {
            var sum = 0
            for turn in 0..<8_192 {
                let record = keyed[turn % keyed.count]
                let query = try PreparedQuery(record.row, sketch: record.sketch, rules: rules)
                sum &+= Int(query.upperBound(record.sketch).millibits)
            }
            return UInt64(truncatingIfNeeded: sum)
        }
    }

    private static let bound = Kernel(name: "sketch-bound", item: "a posting", items: 64 * 4_096) {
        let rules = try Inputs.rules()
        let keyed = Inputs.keyed(4_096, rules)
        let sketches = keyed.map(\.sketch)
        return {
            var reaching: UInt64 = 0
            for record in keyed.prefix(64) {
                let query = try PreparedQuery(record.row, sketch: record.sketch, rules: rules)
                for sketch in sketches where query.reaches(rules.reviewThreshold, sketch) { reaching += 1 }
            }
            return reaching
        }
    }

    private static let score = scoring("score", "a pair that shares a key, in full", floor: nil)
    private static let scoreAboveFloor = scoring("score-floor", "the same, exact from the review threshold on") {
        $0.reviewThreshold
    }

    /// Distinct pairs of one round.
    private static let pairs = 4_096
    /// How often each pair is scored, so that making the query ready, which has a kernel of its own, weighs little.
    private static let repeats = 16

    private static func scoring(
        _ name: String,
        _ item: String,
        floor: (@Sendable (RuleSet) -> MatchWeight)?
    ) -> Kernel {
        Kernel(name: name, item: item, items: pairs * repeats) {
            let rules = try Inputs.rules()
            let keyed = Inputs.keyed(8_192, rules)
            let blocks = candidates(keyed)
            let floor = floor?(rules) ?? .lowest
            return {
                var sum = 0
                for (index, others) in blocks {
                    let query = try PreparedQuery(keyed[index].row, sketch: keyed[index].sketch, rules: rules)
                    for _ in 0..<repeats {
                        for other in others {
                            let weight = keyed[other].row.withUnsafeBytes { query.score($0, atLeast: floor) }
                            sum &+= Int(weight.millibits)
                        }
                    }
                }
                return UInt64(truncatingIfNeeded: sum)
            }
        }
    }

    /// For as many records as it takes, the records that share a key with them.
    private static func candidates(_ keyed: [KeyedRecord]) -> [(Int, [Int])] {
        var blocks: [UInt64: [Int]] = [:]
        for (index, record) in keyed.enumerated() {
            for key in record.keys { blocks[key.hash, default: []].append(index) }
        }
        var left = pairs
        var found: [(Int, [Int])] = []
        // Populations differ in how much they share: going round again keeps the number of pairs fixed.
        for turn in 0..<pairs * 64 where left > 0 {
            let index = turn % keyed.count
            var others: [Int] = []
            for key in keyed[index].keys { others += blocks[key.hash, default: []].filter { $0 != index } }
            let distinct = Set(others).sorted().prefix(left)
            guard !distinct.isEmpty else { continue }
            left -= distinct.count
            found.append((index, Array(distinct)))
        }
        precondition(left == 0, "no two records of the population share a key")
        return found
    }
}
