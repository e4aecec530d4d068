public import Demographics
import Identifiers
public import Matching
public import Training

/// Learning rules from records, without a server and without being told who is who.
///
///     var run = TrainingRun(start: try RuleSetFile.standardRules())
///     for batch in batches { try await run.add(batch) }
///     let trained = try await run.trained()
///     let result = try await trained.run.link()
///
/// What is learnt is a function of the set of records and the seed; order and grouping do not matter.
public struct TrainingRun: Sendable {
    /// What came out.
    public struct Trained: Sendable {
        /// Everything that was learnt.
        public var model: TrainedModel
        /// The rules that say it.
        public var rules: RuleSet
        /// The records, keyed by these rules and ready to be linked.
        public var run: LinkRun
    }

    private let start: RuleSet
    private let seed: UInt64
    private var table = KeyedTable()

    /// Starts an empty run.
    ///
    /// - Parameters:
    ///   - start: rules with the alternatives `stranger` and `relative`: what to start from.
    ///   - seed: which random pairs are looked at.
    public init(start: RuleSet, seed: UInt64 = 1) {
        self.start = start
        self.seed = seed
    }

    /// Number of records added, repeated ones included.
    public var count: Int { table.count }

    /// Normalises records.
    ///
    /// - Throws: `LinkError.tooManyRecords`.
    public mutating func add(_ records: [SourceRecord]) async throws(LinkError) {
        guard table.count + records.count <= KeyedTable.limit else { throw .tooManyRecords(limit: KeyedTable.limit) }
        let start = start
        for part in await LinkRun.inGroups(records, { LinkRun.table(of: $0, start.describe) }) { table.append(part) }
    }

    /// Learns.
    ///
    /// - Parameter name: what people shall call the rules.
    /// - Returns: what was learnt, and the records ready to be linked by it.
    /// - Throws: `LinkError`.
    public consuming func trained(name: String = "trained") async throws(LinkError) -> Trained {
        var table = table.canonical()
        let data = try await TrainingPairs(table: table, start: start, seed: seed).data()
        let model = Trainer.model(data, start: start)
        let rules: RuleSet
        do {
            rules = try model.rules(name: name)
        } catch {
            throw .untrainable("\(error)")
        }
        table.rekey(try await TrainingRun.postings(of: table, rules))
        let run = LinkRun(rules: rules, table: table, unscoredPairs: model.unscoredPairs)
        return Trained(model: model, rules: rules, run: run)
    }

    private static func postings(
        of table: KeyedTable,
        _ rules: RuleSet
    ) async throws(LinkError) -> [KeyedTable.Posting] {
        let parts = try await LinkRun.inRanges(table.count, by: LinkRun.keyingGroup) {
            range throws(LinkError) in
            var postings: [KeyedTable.Posting] = []
            for position in range {
                for key in rules.keys(of: try table.record(position)) {
                    postings.append(.init(hash: key.hash, record: UInt32(position)))
                }
            }
            return postings
        }
        return [KeyedTable.Posting](parts.joined())
    }
}
