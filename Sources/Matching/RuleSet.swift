public import Demographics
import FoundationEssentials
public import Identifiers

/// A compiled, immutable set of rules: everything that keying and scoring read.
///
///     let rules = try RuleSet(decoding: bytes)
///     let keyed = rules.key(id, NormalisedRecord(record))
///     var query = try PreparedQuery(keyed.row, sketch: keyed.sketch, rules: rules)
///     let weight = candidate.withUnsafeBytes { query.score($0) }
public struct RuleSet: Sendable {
    /// The newest encoding this program reads; rules that need nothing of it are written as an older one.
    public static let format = 6
    /// Most alternatives of a rule set.
    public static let alternativeLimit = 4
    /// Most hot keys of a rule set: each stands for a block of thousands of records.
    public static let hotKeyLimit = 100_000
    /// Weights beyond this many millibits are refused: sums of them must stay far from overflow.
    public static let weightLimit: Int32 = 1_000_000

    /// The digest of the encoding: equal versions give equal keys and scores.
    public let version: RuleSetVersion
    /// What people call it.
    public let name: String
    /// From here on two records are one person.
    public let matchThreshold: MatchWeight
    /// From here on, below `matchThreshold`, a steward is asked.
    public let reviewThreshold: MatchWeight
    /// Postings read of one key before its block is cut.
    public let blockLimit: Int
    /// What the same-person hypothesis is compared with; a pair scores as the least favourable one says.
    public let alternatives: [Alternative]
    /// How candidates are found.
    public let blocking: [BlockingRule]
    /// What forbids to join persons.
    public let guards: GuardRules
    /// How common names are; `nil` where the rules do not say.
    public let frequencies: TermFrequencies?
    /// Which kinds of identifier a person has one of.
    public let identifiers: IdentifierRules
    /// A model of another system that scores in addition; `nil` in rules of Tessera's own.
    public let columns: ColumnModel?
    /// Rules that decide beside the weights, the first that fits first.
    public let decisions: [DecisionRule]
    /// How the edges of several records become persons.
    public let linkage: Linkage
    /// Keys that no record gets, in ascending order: so many records have them that they find mostly strangers.
    ///
    /// They are frozen with the version: were it told from the blocks as they are, who is compared with whom would
    /// depend on who came first.
    public let hotKeys: [UInt64]
    /// Whether new records are taken, to be searched for later, while keys cannot be searched.
    public let takesUnsearched: Bool

    let compiledWeights: CompiledWeights
    let compiledFrequencies: CompiledFrequencies?
    let columnScorer: ColumnScorer?
    private let compiledBlocking: BlockingKeys
    private let encoding: [UInt8]

    /// Compiles a rule set.
    ///
    /// - Throws: `RuleSetError.outOfRange` where a limit is passed.
    public init(
        name: String,
        matchThreshold: MatchWeight,
        reviewThreshold: MatchWeight,
        blockLimit: Int,
        alternatives: [Alternative],
        blocking: [BlockingRule],
        guards: GuardRules,
        frequencies: TermFrequencies? = nil,
        identifiers: IdentifierRules = .standard,
        columns: ColumnModel? = nil,
        decisions: [DecisionRule] = [],
        linkage: Linkage = .single,
        hotKeys: [UInt64] = [],
        takesUnsearched: Bool = false
    ) throws(RuleSetError) {
        var document = RuleSetDocument(
            format: 1,
            name: name,
            matchThreshold: matchThreshold.millibits,
            reviewThreshold: reviewThreshold.millibits,
            blockLimit: blockLimit,
            alternatives: alternatives,
            blocking: blocking,
            guards: guards,
            frequencies: frequencies,
            identifiers: identifiers == .standard ? nil : identifiers,
            columns: columns,
            decisions: decisions.isEmpty ? nil : decisions,
            linkage: linkage == .single ? nil : linkage,
            hotKeys: RuleSetDocument.texts(hotKeys),
            takesUnsearched: takesUnsearched ? true : nil
        )
        document.format = document.oldestFormat
        try self.init(document)
    }

    /// Reads what `encoded` wrote.
    ///
    /// - Throws: `RuleSetError` where the bytes are no rule set of this format.
    public init(decoding bytes: [UInt8]) throws(RuleSetError) {
        try self.init(Self.document(bytes))
    }

    private static func document(_ bytes: [UInt8]) throws(RuleSetError) -> RuleSetDocument {
        do {
            return try JSONDecoder().decode(RuleSetDocument.self, from: Data(bytes))
        } catch {
            throw .undecodable("\(error)")
        }
    }

    private init(_ document: RuleSetDocument) throws(RuleSetError) {
        try document.check()
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        do {
            encoding = [UInt8](try encoder.encode(document))
        } catch {
            throw .undecodable("\(error)")
        }
        version = RuleSetVersion(digest: RuleSetDocument.digest(encoding))
        name = document.name
        matchThreshold = MatchWeight(millibits: document.matchThreshold)
        reviewThreshold = MatchWeight(millibits: document.reviewThreshold)
        blockLimit = document.blockLimit
        alternatives = document.alternatives
        blocking = document.blocking
        guards = document.guards
        frequencies = document.frequencies
        identifiers = document.identifiers ?? .standard
        columns = document.columns
        decisions = document.decisions ?? []
        do throws(ColumnFault) {
            columnScorer = try document.columns.map { model throws(ColumnFault) in try ColumnScorer(model) }
        } catch {
            throw .undecodable("\(error)")
        }
        linkage = document.linkage ?? .single
        hotKeys = (document.hotKeys ?? []).compactMap(HotKey.key)
        takesUnsearched = document.takesUnsearched ?? false
        compiledFrequencies = document.frequencies.flatMap {
            CompiledFrequencies($0, alternatives: document.alternatives)
        }
        compiledWeights = CompiledWeights(document.alternatives, frequencies: compiledFrequencies)
        compiledBlocking = BlockingKeys(document.blocking, without: hotKeys)
    }

    /// The same rules, by which new records are taken while keys cannot be searched.
    ///
    /// - Throws: `RuleSetError` where a limit is passed.
    public func takingUnsearched() throws(RuleSetError) -> RuleSet {
        try changed { $0.takesUnsearched = true }
    }

    /// The same rules with other counts.
    ///
    /// - Throws: `RuleSetError.outOfRange` where there are more of them than a rule set may have.
    public func with(frequencies: TermFrequencies, hotKeys: [UInt64]) throws(RuleSetError) -> RuleSet {
        try changed {
            $0.frequencies = frequencies
            $0.hotKeys = RuleSetDocument.texts(hotKeys)
        }
    }

    /// Everything that is not changed stays, whatever rules will hold besides one day.
    private func changed(_ change: (inout RuleSetDocument) -> Void) throws(RuleSetError) -> RuleSet {
        var document = try Self.document(encoding)
        change(&document)
        document.format = document.oldestFormat
        return try RuleSet(document)
    }

    /// Whether it matters to the weights if two records come from one source.
    public var weighsSource: Bool { alternatives.contains { $0.weighsSource } }

    /// The canonical encoding: what shards receive and what the version digests.
    public func encoded() -> [UInt8] { encoding }

    /// What is known of a record but for its blocking keys.
    public func describe(_ id: RecordID, _ record: NormalisedRecord) -> KeyedRecord {
        KeyedRecord(
            id: id,
            row: FeatureRow.encode(record),
            sketch: Sketch(record),
            keys: [],
            facts: record.facts(unique: identifiers.isUnique)
        )
    }

    /// What the frequencies of a row's names add where they agree.
    func adjustments(_ view: borrowing FeatureView, _ bytes: UnsafePointer<UInt8>) -> NameAdjustments {
        compiledFrequencies?.adjustments(view, bytes) ?? NameAdjustments()
    }

    /// The blocking keys of a record.
    public func keys(of record: NormalisedRecord) -> [BlockingKey] { compiledBlocking.keys(of: record) }

    /// Keys a record: feature row, sketch, blocking keys and facts, as a pure function of the record.
    public func key(_ id: RecordID, _ record: NormalisedRecord) -> KeyedRecord {
        KeyedRecord(
            id: id,
            row: FeatureRow.encode(record),
            sketch: Sketch(record),
            keys: compiledBlocking.keys(of: record),
            facts: record.facts(unique: identifiers.isUnique)
        )
    }
}

extension RuleSet: Codable {
    /// Decodes from the document form.
    public init(from decoder: any Decoder) throws { try self.init(RuleSetDocument(from: decoder)) }

    /// Encodes to the document form.
    public func encode(to encoder: any Encoder) throws {
        try JSONDecoder().decode(RuleSetDocument.self, from: Data(encoding)).encode(to: encoder)
    }
}
