import Demographics
import Identifiers
import Matching
import RuleSets
import Training

/// Gathers what training looks at: keys of all candidate rules in a sample of blocks, the pairs in them, and random
/// pairs.
///
/// Blocks are sampled by the hash of their key, one in `stride`; a pair then stands for as many pairs as the share of
/// its common keys that were sampled says, so that pairs with many keys in common do not count too much.
struct TrainingPairs: Sendable {
    /// Records up to which every block is looked at.
    static let wholeUpTo = 50_000
    /// Most pairs compared where every block is looked at: also what agrees in little but a year or the sound of a
    /// name, since what such pairs know of a household is what tells sparse records apart.
    static let wholePairLimit = 6_000_000
    /// Most pairs compared of a sample of blocks.
    static let pairLimit = 2_500_000
    /// Pairs that a candidate rule may make however few records there are.
    static let leastRuleBudget = 2e6
    /// Random pairs compared; all pairs where there are no more.
    static let randomPairs = 1_000_000
    /// Pairs compared by one task.
    static let comparingGroup = 100_000

    /// A key of a candidate rule.
    struct Posting: Sendable {
        var hash: UInt64
        var record: UInt32
        var rule: UInt8

        static func precedes(_ left: Posting, _ right: Posting) -> Bool {
            (left.rule, left.hash, left.record) < (right.rule, right.hash, right.record)
        }
    }

    /// Two records, the lesser first, and the rules that find them.
    struct Pair: Sendable {
        var records: UInt64
        var rules: UInt64

        var first: Int { Int(records >> 32) }
        var second: Int { Int(records & 0xFFFF_FFFF) }
    }

    private let table: KeyedTable
    private let start: RuleSet
    private let seed: UInt64
    private let stride: UInt64
    private let keys = BlockingKeys(CandidateRules.all)
    /// By position: the person that somebody said a record belongs to.
    private let told: [UInt32: String]

    init(table: KeyedTable, start: RuleSet, seed: UInt64, told: [UInt32: String] = [:]) {
        self.told = told
        self.table = table
        self.start = start
        self.seed = seed
        stride = UInt64(max(1, (table.count + TrainingPairs.wholeUpTo - 1) / TrainingPairs.wholeUpTo))
    }

    /// Largest number of pairs that a candidate rule may make.
    private var ruleBudget: Double { max(TrainingPairs.leastRuleBudget, 12 * Double(table.count)) }

    private var pairLimit: Int { stride == 1 ? TrainingPairs.wholePairLimit : TrainingPairs.pairLimit }

    func data() async throws(LinkError) -> TrainingData {
        let (names, postings, known) = try await scanned()
        let frequencies = names.frequencies(against: "stranger")
        var data = TrainingData(records: table.count, frequencies: frequencies)
        let blocks = SampledBlocks(postings, rules: CandidateRules.all, stride: stride)
        data.costs = blocks.costs
        let eligible = blocks.eligible(ruleBudget: ruleBudget, pairLimit: pairLimit)
        let pairs = blocks.pairs(of: eligible)
        let weights = stride > 1 ? await weights(of: pairs, known, eligible) : []
        let rules = try comparing(by: frequencies)
        let compared = try await patterns(of: pairs.map(\.records), rules)
        data.pairs.reserveCapacity(pairs.count)
        for (index, pattern) in compared.enumerated() {
            let weight = weights.isEmpty ? 1 : weights[index]
            if let isSame = isSame(pairs[index].records) { data.sample.add(pattern, isSame: isSame, weight: weight) }
            let position = data.sample.add(pattern, weight: weight)
            data.pairs.append(.init(pattern: UInt32(position), rules: pairs[index].rules, weight: weight))
        }
        for pattern in try await patterns(of: random(), rules) { data.background.add(pattern) }
        return data
    }

    /// The start rules with the frequencies of the data, so that rarity is told with the levels.
    private func comparing(by frequencies: TermFrequencies) throws(LinkError) -> RuleSet {
        do {
            return try RuleSet(
                name: start.name,
                matchThreshold: start.matchThreshold,
                reviewThreshold: start.reviewThreshold,
                blockLimit: start.blockLimit,
                alternatives: start.alternatives,
                blocking: start.blocking,
                guards: start.guards,
                frequencies: frequencies,
                identifiers: start.identifiers
            )
        } catch {
            throw .untrainable("\(error)")
        }
    }

    /// What somebody said of a pair; `nil` where nobody did.
    private func isSame(_ records: UInt64) -> Bool? {
        guard !told.isEmpty, let first = told[UInt32(records >> 32)],
            let second = told[UInt32(records & 0xFFFF_FFFF)]
        else { return nil }
        return first == second
    }

    /// Names and sampled keys of all records; where keys are sampled, shortened ones of all of them too.
    private func scanned() async throws(LinkError) -> (NameCounts, [Posting], ShortKeys) {
        let parts = try await LinkRun.inRanges(table.count, by: 16_384) { range throws(LinkError) in
            var names = NameCounts()
            var postings: [Posting] = []
            var known = ShortKeys()
            for position in range {
                let record = try table.record(position)
                for name in FeatureRow.names(table.row(position)) { names.add(given: name.given, family: name.family) }
                keys.visit(record) { hash, rule in
                    if stride > 1 { known.add(hash, rule: rule) }
                    guard hash % stride == 0 else { return }
                    postings.append(Posting(hash: hash, record: UInt32(position), rule: UInt8(rule)))
                }
                known.endRecord()
            }
            return (names, postings, known)
        }
        var names = NameCounts()
        var postings: [Posting] = []
        var known = ShortKeys()
        for part in parts {
            names.merge(part.0)
            postings += part.1
            known.append(part.2)
        }
        return (names, postings, known)
    }

    /// How many pairs of the population each sampled pair stands for.
    private func weights(of pairs: [Pair], _ known: ShortKeys, _ eligible: UInt64) async -> [Double] {
        let parts = await LinkRun.inRanges(pairs.count, by: TrainingPairs.comparingGroup) { range throws(Never) in
            pairs[range].map { pair in
                let common = known.common(pair.first, pair.second, rules: eligible)
                return Double(pair.rules.nonzeroBitCount) * Double(stride) / Double(max(common, 1))
            }
        }
        return [Double](parts.joined())
    }

    /// All pairs of a small population; pairs taken at random of a large one, sorted.
    private func random() -> [UInt64] {
        let count = UInt64(table.count)
        guard count > 1 else { return [] }
        if count * (count - 1) / 2 <= UInt64(TrainingPairs.randomPairs) {
            return (0..<count).flatMap { first in (first + 1..<count).map { first << 32 | $0 } }
        }
        var numbers = SampleNumbers(seed: seed)
        var pairs: [UInt64] = []
        while pairs.count < TrainingPairs.randomPairs {
            let first = numbers.next(below: count)
            let second = numbers.next(below: count)
            if first != second { pairs.append(min(first, second) << 32 | max(first, second)) }
        }
        return pairs.sorted()
    }

    private func patterns(of pairs: [UInt64], _ rules: RuleSet) async throws(LinkError) -> [LevelPattern] {
        let parts = try await LinkRun.inRanges(pairs.count, by: TrainingPairs.comparingGroup) {
            range throws(LinkError) in
            try table.patterns(of: pairs[range], rules)
        }
        return [LevelPattern](parts.joined())
    }
}

extension KeyedTable {
    /// How pairs agree; pairs of one first record stand together.
    fileprivate func patterns(of pairs: ArraySlice<UInt64>, _ rules: RuleSet) throws(LinkError) -> [LevelPattern] {
        var patterns: [LevelPattern] = []
        patterns.reserveCapacity(pairs.count)
        var index = pairs.startIndex
        while index < pairs.endIndex {
            let first = pairs[index] >> 32
            var end = index + 1
            while end < pairs.endIndex, pairs[end] >> 32 == first { end += 1 }
            let id = ids[Int(first)]
            do {
                let query = try PreparedQuery([UInt8](row(Int(first))), sketch: sketches[Int(first)], rules: rules)
                for pair in pairs[index..<end] {
                    guard let evidence = query.evidence(row(Int(pair & 0xFFFF_FFFF))) else { continue }
                    patterns.append(LevelPattern(evidence.levels, rarity: evidence.adjustment))
                }
            } catch {
                throw .malformedRow(id)
            }
            index = end
        }
        guard patterns.count == pairs.count else { throw .malformedRow(ids[Int(pairs[pairs.startIndex] >> 32)]) }
        return patterns
    }
}
