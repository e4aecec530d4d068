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

    /// Times that persons are told from the records' weights and their sizes taken into the rules.
    static let sizeRounds = 2

    private let start: RuleSet
    private let seed: UInt64
    private var table = KeyedTable()
    /// Records being normalised while the caller reads the next ones, and how many of them count.
    private var pending: (tables: Task<[KeyedTable], Never>, count: Int)?
    private var labels: [String: String] = [:]

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
    public var count: Int { table.count + (pending?.count ?? 0) }

    /// Takes records over to be normalised, once those before are.
    ///
    /// - Throws: `LinkError.tooManyRecords`.
    public mutating func add(_ records: [SourceRecord]) async throws(LinkError) {
        guard count + records.count <= KeyedTable.limit else { throw .tooManyRecords(limit: KeyedTable.limit) }
        await settle()
        let start = start
        let tables = Task { await LinkRun.inGroups(records) { LinkRun.table(of: $0, start.describe) } }
        pending = (tables, records.count { $0.active })
    }

    /// Waits for the records that are being normalised.
    private mutating func settle() async {
        guard let pending else { return }
        for part in await pending.tables.value { table.append(part) }
        self.pending = nil
    }

    /// Takes over what somebody said of some records.
    ///
    /// Two of them with one label are of one person, two with different labels are not. What is said of a few records
    /// shows what others like them are.
    ///
    /// - Parameter labels: the person of a record, by its identifier in its source.
    public mutating func teach(_ labels: [(recordID: String, label: String)]) {
        for (record, label) in labels { self.labels[record] = label }
    }

    /// Learns.
    ///
    /// - Parameter name: what people shall call the rules.
    /// - Returns: what was learnt, and the records ready to be linked by it.
    /// - Throws: `LinkError`.
    public consuming func trained(name: String = "trained") async throws(LinkError) -> Trained {
        await settle()
        table.makeCanonical()
        var told: [UInt32: String] = [:]
        if !labels.isEmpty {
            for position in 0..<table.count { told[UInt32(position)] = labels[table.keys[position].value] }
        }
        let data = try await TrainingPairs(table: table, start: start, seed: seed, told: told).data()
        let model = Trainer.model(data, start: start)
        let rules = try TrainingRun.rules(of: model, name, sizes: nil)
        table.rekey(try await TrainingRun.postings(of: table, rules))
        var run = LinkRun(rules: rules, table: table, unscoredPairs: model.unscoredPairs)
        table = KeyedTable()
        try await run.score()
        for _ in 0..<TrainingRun.sizeRounds {
            let sizes = PersonSizes(persons: try run.persons())
            run.decide(by: try TrainingRun.rules(of: model, name, sizes: sizes))
        }
        return Trained(model: model, rules: run.rules, run: run)
    }

    private static func rules(
        of model: TrainedModel,
        _ name: String,
        sizes: PersonSizes?
    ) throws(LinkError) -> RuleSet {
        do {
            return try model.rules(name: name, sizes: sizes)
        } catch {
            throw .untrainable("\(error)")
        }
    }

    private static func postings(
        of table: KeyedTable,
        _ rules: RuleSet
    ) async throws(LinkError) -> [[KeyedTable.Posting]] {
        try await LinkRun.inRanges(table.count, by: LinkRun.keyingGroup) {
            range throws(LinkError) in
            var postings: [KeyedTable.Posting] = []
            for position in range {
                for key in rules.keys(of: try table.record(position)) {
                    postings.append(.init(hash: key.hash, record: UInt32(position)))
                }
            }
            return postings
        }
    }
}
