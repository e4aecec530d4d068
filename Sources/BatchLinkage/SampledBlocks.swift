import Matching
import Training

/// Sampled keys of candidate rules in blocks: what each rule costs, and the pairs that it finds.
struct SampledBlocks {
    /// By candidate rule.
    private(set) var costs: [RuleCost] = []
    /// Sampled pairs of each rule.
    private var sampled: [Int] = []
    private let postings: [TrainingPairs.Posting]
    private var starts: [Int]

    init(_ unsorted: [TrainingPairs.Posting], rules: [BlockingRule], stride: UInt64) {
        postings = unsorted.sorted(by: TrainingPairs.Posting.precedes)
        starts = [Int](repeating: 0, count: rules.count + 1)
        for posting in postings { starts[Int(posting.rule) + 1] += 1 }
        for index in rules.indices { starts[index + 1] += starts[index] }
        for (index, rule) in rules.enumerated() {
            var (pairs, largest) = (0, 0)
            var sizes = [0.0, 0, 0, 0]
            forEachBlock(of: index) { block in
                pairs += block.count * (block.count - 1) / 2
                largest = max(largest, block.count)
                let size = block.count <= 10 ? 0 : block.count <= 100 ? 1 : block.count <= 1_000 ? 2 : 3
                sizes[size] += Double(block.count) * Double(stride)
            }
            sampled.append(pairs)
            costs.append(
                RuleCost(
                    rule: rule,
                    pairs: Double(pairs) * Double(stride),
                    keys: Double(starts[index + 1] - starts[index]) * Double(stride),
                    largestBlock: largest,
                    sizes: sizes
                )
            )
        }
    }

    private func forEachBlock(of rule: Int, _ body: (ArraySlice<TrainingPairs.Posting>) -> Void) {
        var start = starts[rule]
        while start < starts[rule + 1] {
            var end = start + 1
            while end < starts[rule + 1], postings[end].hash == postings[start].hash { end += 1 }
            body(postings[start..<end])
            start = end
        }
    }

    /// The rules worth looking at: the cheap ones first, as far as the budgets go.
    func eligible(ruleBudget: Double, pairLimit: Int) -> UInt64 {
        var left = pairLimit
        var eligible: UInt64 = 0
        for rule in costs.indices.sorted(by: { (sampled[$0], $0) < (sampled[$1], $1) }) {
            guard costs[rule].pairs <= ruleBudget, sampled[rule] <= left else { continue }
            left -= sampled[rule]
            eligible |= 1 << UInt64(rule)
        }
        return eligible
    }

    /// The pairs of some rules, each once, in order of records.
    func pairs(of eligible: UInt64) -> [TrainingPairs.Pair] {
        var found: [TrainingPairs.Pair] = []
        for rule in costs.indices where eligible >> UInt64(rule) & 1 == 1 {
            forEachBlock(of: rule) { block in
                for first in block.indices {
                    for second in first + 1..<block.endIndex where block[first].record != block[second].record {
                        let records = UInt64(block[first].record) << 32 | UInt64(block[second].record)
                        found.append(.init(records: records, rules: 1 << UInt64(rule)))
                    }
                }
            }
        }
        found.sort { ($0.records, $0.rules) < ($1.records, $1.rules) }
        var merged: [TrainingPairs.Pair] = []
        for pair in found {
            if let last = merged.last, last.records == pair.records {
                merged[merged.count - 1].rules |= pair.rules
            } else {
                merged.append(pair)
            }
        }
        return merged
    }
}
