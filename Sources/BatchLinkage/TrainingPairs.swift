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
    /// Records looked at by one task.
    static let scanningGroup = 16_384
    /// Pairs taken at random that have one record in common: it is made ready once for all of them.
    static let randomGroup = 8
    /// Pairs whose keys are asked for before they are compared.
    static let commonAhead = 8
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
        let sampled = blocks.pairs(of: eligible)
        let pairs = stride > 1 ? await weighed(sampled, known, eligible) : sampled.map { (pair: $0, weight: 1) }
        let rules = try comparing(by: frequencies)
        let compared = try await patterns(of: pairs.map(\.pair.records), rules)
        data.pairs.reserveCapacity(pairs.count)
        for (index, pattern) in compared.enumerated() {
            let (pair, weight) = pairs[index]
            if let isSame = isSame(pair.records) { data.sample.add(pattern, isSame: isSame, weight: weight) }
            let position = data.sample.add(pattern, weight: weight)
            data.pairs.append(.init(pattern: UInt32(position), rules: pair.rules, weight: weight))
        }
        for pattern in try await patterns(of: random(), rules) { data.background.add(pattern) }
        if data.background.pairs < data.background.population { settle(&data, eligible) }
        return data
    }

    /// Levels of which a key of one value finds every pair.
    private static let keyed: [(level: ComparisonLevel, rule: BlockingRule)] = [
        (.identifierExact, BlockingRule([.identifier])), (.phoneExact, BlockingRule([.phone])),
        (.emailExact, BlockingRule([.email])),
    ]

    /// Counts how often values that hardly any two people share agree, in the blocks of these values.
    private func settle(_ data: inout TrainingData, _ eligible: UInt64) {
        for (level, rule) in TrainingPairs.keyed {
            guard let index = CandidateRules.all.firstIndex(of: rule), eligible >> UInt64(index) & 1 == 1 else {
                continue
            }
            data.background.settle(level, population: data.sample.pairs(with: level))
        }
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
        let parts = try await LinkRun.inRanges(table.count, by: TrainingPairs.scanningGroup) {
            range throws(LinkError) in
            var names = NameCounts()
            var postings: [Posting] = []
            var known = ShortKeys.Part()
            for position in range {
                let record = try table.record(position)
                for name in table.withRow(position, { FeatureRow.names($0) }) {
                    names.add(given: name.given, family: name.family)
                }
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
        for part in parts {
            names.merge(part.0)
            postings += part.1
        }
        return (names, postings, ShortKeys(parts.map(\.2), partSize: TrainingPairs.scanningGroup))
    }

    /// Sampled pairs with all the rules that find them, and how many pairs of the population each stands for.
    ///
    /// A sample shows a pair by few of its keys: taken for all, each rule would seem to find what no other does, and
    /// many pairs would seem to be found by none.
    private func weighed(
        _ pairs: [Pair],
        _ known: ShortKeys,
        _ eligible: UInt64
    ) async -> [(pair: Pair, weight: Double)] {
        let parts = await LinkRun.inRanges(pairs.count, by: TrainingPairs.comparingGroup) { range throws(Never) in
            range.map { index in
                let next = index + TrainingPairs.commonAhead
                if next < range.upperBound { known.expect(pairs[next].second) }
                let pair = pairs[index]
                let common = known.common(pair.first, pair.second, rules: eligible)
                let weight = Double(pair.rules.nonzeroBitCount) * Double(stride) / Double(max(common.keys, 1))
                return (pair: Pair(records: pair.records, rules: pair.rules | common.rules), weight: weight)
            }
        }
        return [(pair: Pair, weight: Double)](parts.joined())
    }

    /// All pairs of a small population; pairs taken at random of a large one, those of one first record together.
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
            for _ in 0..<TrainingPairs.randomGroup {
                let second = numbers.next(below: count)
                if first != second { pairs.append(first << 32 | second) }
            }
        }
        return pairs
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
    /// Pairs whose second record's row is asked for before they are compared; the outline, which tells where it is, as
    /// long before that.
    private static let ahead = 8

    /// How pairs agree; pairs of one first record stand together.
    fileprivate func patterns(of pairs: ArraySlice<UInt64>, _ rules: RuleSet) throws(LinkError) -> [LevelPattern] {
        var patterns: [LevelPattern] = []
        patterns.reserveCapacity(pairs.count)
        var index = pairs.startIndex
        while index < pairs.endIndex {
            let first = Int(pairs[index] >> 32)
            var end = index + 1
            while end < pairs.endIndex, pairs[end] >> 32 == pairs[index] >> 32 { end += 1 }
            do {
                try withRows { rows throws(RuleSetError) in
                    let row = row(first, in: rows)
                    let query = try PreparedQuery(row, sketch: outlines[first].sketch, rules: rules)
                    for pair in index..<end {
                        expect(pair, of: pairs)
                        let candidate = self.row(Int(pairs[pair] & 0xFFFF_FFFF), in: rows)
                        guard let evidence = query.evidence(candidate) else { continue }
                        patterns.append(LevelPattern(evidence.levels, rarity: evidence.adjustment))
                    }
                }
            } catch {
                throw .malformedRow(ids[first])
            }
            index = end
        }
        guard patterns.count == pairs.count else { throw .malformedRow(ids[Int(pairs[pairs.startIndex] >> 32)]) }
        return patterns
    }

    @inline(__always)
    private func expect(_ pair: Int, of pairs: ArraySlice<UInt64>) {
        let (near, far) = (pair &+ KeyedTable.ahead, pair &+ 2 &* KeyedTable.ahead)
        if far < pairs.endIndex { expectOutline(UInt32(truncatingIfNeeded: pairs[far])) }
        if near < pairs.endIndex { expectRow(outlines[Int(pairs[near] & 0xFFFF_FFFF)]) }
    }
}
