public import Demographics
import Identifiers
public import Identity
public import Matching
import RuleSets
import Training

/// Linking without a server: records in, persons out, nothing kept.
///
///     var run = LinkRun(rules: rules, identity: policy)
///     for batch in batches { try await run.add(batch) }
///     let result = try await run.link()
///
/// It calls the same keying, scoring and identity code as the cluster, so both give the same partition. The result
/// is a function of the set of records; order and grouping do not matter. Memory: about 1 KB a record.
public struct LinkRun: Sendable {
    /// Records keyed by one task: enough to hide its cost, few enough to keep every core busy to the end.
    static let keyingGroup = 4_096
    /// Records scored by one task.
    static let scoringGroup = 50_000

    /// Pairs that were scored, and what there is to tell of it.
    private struct Scored: Sendable {
        var edges: [ScoredEdge]
        var report: LinkReport
    }

    private(set) var rules: RuleSet
    private var identity: IdentityPolicy
    private(set) var table = KeyedTable()
    /// Estimated pairs of one person that no edge will show; `nil` where the rules are not of these records.
    private var unscoredPairs: Double?
    /// Whether the table is in canonical order, each record once.
    private var isCanonical = false
    private var scored: Scored?

    /// Starts an empty run.
    ///
    /// - Parameters:
    ///   - rules: how records are keyed and scored.
    ///   - identity: how edges become persons.
    public init(rules: RuleSet, identity: IdentityPolicy) {
        self.rules = rules
        self.identity = identity
    }

    /// Starts an empty run in which persons are decided as the rules say.
    public init(rules: RuleSet) {
        self.init(rules: rules, identity: IdentityPolicy(rules: rules))
    }

    /// Starts with records that are keyed by rules learnt from them.
    init(rules: RuleSet, table: KeyedTable, unscoredPairs: Double) {
        self.init(rules: rules)
        self.table = table
        isCanonical = true
        self.unscoredPairs = unscoredPairs
    }

    /// Whether records that their source calls inactive are compared too, as a registry does.
    public var includesInactive = false

    /// Number of records added, repeated ones included.
    public var count: Int { table.count }

    /// Normalises and keys records.
    ///
    /// - Throws: `LinkError.tooManyRecords`.
    public mutating func add(_ records: [SourceRecord]) async throws(LinkError) {
        guard table.count + records.count <= KeyedTable.limit else { throw .tooManyRecords(limit: KeyedTable.limit) }
        let (rules, all) = (rules, includesInactive)
        for part in await LinkRun.inGroups(records, { LinkRun.table(of: $0, includesInactive: all, rules.key) }) {
            table.append(part)
        }
    }

    /// Compares all records that share a key, and leaves it at that.
    ///
    /// - Throws: `LinkError`.
    public consuming func compare() async throws(LinkError) -> Neighbourhoods {
        table.makeCanonical()
        var report = LinkReport()
        let blocks = await SortedBlocks(table.takePostings(), recordCount: table.count, limit: rules.blockLimit)
        let edges = try await LinkRun.score(
            CandidateScoring(table: table, blocks: blocks, rules: rules),
            into: &report
        )
        return Neighbourhoods(ids: table.ids, edges: edges, pairs: report.pairs)
    }

    /// Compares all records that share a key and divides them into persons.
    ///
    /// - Throws: `LinkError`.
    public consuming func link() async throws(LinkError) -> LinkResult {
        try await score()
        guard let scored else { return LinkResult(links: [], report: LinkReport()) }
        var report = scored.report
        report.rules = rules.version.description
        report.matches = scored.edges.count { $0.weight >= identity.matchThreshold }
        report.reviews = scored.edges.count - report.matches
        let persons = try persons()
        if let unscoredPairs {
            let weighed = scored.edges.map {
                QualityEstimate.Edge(first: $0.first, second: $0.second, weight: $0.weight)
            }
            let quality = QualityEstimate(edges: weighed, persons: persons, unscored: unscoredPairs)
            report.estimatedPrecision = quality.precision
            report.estimatedRecall = quality.recall
        }
        var links: [LinkResult.Link] = []
        links.reserveCapacity(table.count)
        for position in 0..<table.count {
            let person = persons[position]
            if person == UInt32(position) { report.persons += 1 }
            links.append(.init(key: table.keys[position], golden: GoldenID(birth: Sequence(UInt64(person) + 1))))
        }
        return LinkResult(links: links, report: report)
    }

    /// Scores all pairs that share a key, once.
    ///
    /// - Throws: `LinkError`.
    mutating func score() async throws(LinkError) {
        guard scored == nil else { return }
        let given = table.count
        if !isCanonical { table.makeCanonical() }
        isCanonical = true
        var report = LinkReport()
        report.records = table.count
        report.repeated = given - table.count
        let blocks = await SortedBlocks(table.takePostings(), recordCount: table.count, limit: rules.blockLimit)
        report.keys = blocks.keys
        report.largestBlock = blocks.largest
        let scoring = CandidateScoring(table: table, blocks: blocks, rules: rules)
        let edges = try await LinkRun.score(scoring, into: &report)
        scored = Scored(edges: edges, report: report)
    }

    /// The person of each record, by position: that of its first record.
    ///
    /// - Throws: `LinkError`.
    func persons() throws(LinkError) -> [UInt32] {
        try PersonSplit(table: table, policy: identity).persons(scored?.edges ?? [])
    }

    /// Decides persons by other rules, which key and weigh as the rules so far do.
    mutating func decide(by rules: RuleSet) {
        precondition(rules.blocking == self.rules.blocking && rules.alternatives == self.rules.alternatives)
        precondition(rules.reviewThreshold == self.rules.reviewThreshold)
        self.rules = rules
        identity = IdentityPolicy(rules: rules)
    }

    /// Live records in columns, or all of them.
    static func table(
        of records: ArraySlice<SourceRecord>,
        includesInactive: Bool = false,
        _ key: (RecordID, NormalisedRecord) -> KeyedRecord
    ) -> KeyedTable {
        var table = KeyedTable()
        for record in records where record.active || includesInactive {
            table.append(record.key, key(record.key.id, NormalisedRecord(record)))
        }
        return table
    }

    /// Works on groups of records in parallel.
    ///
    /// - Returns: the outcomes in the order of the groups.
    static func inGroups<Part: Sendable>(
        _ records: [SourceRecord],
        _ work: @escaping @Sendable (ArraySlice<SourceRecord>) -> Part
    ) async -> [Part] {
        await inRanges(records.count, by: keyingGroup) { range throws(Never) in work(records[range]) }
    }

    /// Works on ranges of positions in parallel.
    ///
    /// - Returns: the outcomes in the order of the ranges.
    /// - Throws: the failure of the first range that failed.
    static func inRanges<Part: Sendable, Failure: Error>(
        _ count: Int,
        by size: Int,
        _ work: @escaping @Sendable (Range<Int>) throws(Failure) -> Part
    ) async throws(Failure) -> [Part] {
        let starts = Array(stride(from: 0, to: count, by: size))
        let outcomes = await withTaskGroup(of: (Int, Result<Part, Failure>).self) { group in
            for (number, start) in starts.enumerated() {
                group.addTask {
                    (number, Result { () throws(Failure) in try work(start..<min(start + size, count)) })
                }
            }
            var outcomes = [Result<Part, Failure>?](repeating: nil, count: starts.count)
            for await (number, outcome) in group { outcomes[number] = outcome }
            return outcomes
        }
        var parts: [Part] = []
        for case let outcome? in outcomes { parts.append(try outcome.get()) }
        return parts
    }

    private static func score(
        _ scoring: CandidateScoring,
        into report: inout LinkReport
    ) async throws(LinkError) -> [ScoredEdge] {
        let outcomes = try await inRanges(scoring.table.count, by: scoringGroup) { range throws(LinkError) in
            try scoring.score(range)
        }
        var edges: [ScoredEdge] = []
        for outcome in outcomes {
            edges += outcome.edges
            report.pairs += outcome.pairs
            report.scored += outcome.scored
            report.cutBlocks += outcome.cutBlocks
        }
        return edges
    }
}
