internal import ArgumentParser
internal import Demographics
internal import Identifiers
internal import JSON
internal import Matching
internal import PatientMapping
internal import RuleSets
internal import Training

/// `tessera rules refresh`: a version that says how common names are now.
struct RulesRefreshCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refresh",
        abstract: "Counts the names and keys of a registry and puts the rules that decide with these counts.",
        discussion: """
            How common names are, and which keys too many records have to be of use, is frozen in a version, so that \
            no answer depends on the order of arrival. This reads all records once and puts a new version; nothing is \
            decided by it before it is activated. Everything else of the rules stays.
            """
    )

    @Argument(help: ArgumentHelp("The version to start from, as `show` takes it.", valueName: "version"))
    var version = "deciding"

    @Option(help: ArgumentHelp("The alternative that names prove something against.", valueName: "name"))
    var against: String?

    @Option(help: ArgumentHelp("Why, for those who come later.", valueName: "text"))
    var comment = ""

    @OptionGroup var target: ClusterTarget

    func run() async throws {
        let (version, against, comment) = (version, against, comment)
        let (report, refreshed, counted) = try await RegistryClient.with(target.url(), target.connection) { client in
            let call = RulesCall(client: client)
            let text = try await call.file(try RulesCall.version(version, in: try await call.read()))
            let rules = try RuleSetFile(yaml: text).compiled()
            let alternative = try against ?? Self.alternative(of: rules)
            guard rules.alternatives.contains(where: { $0.name == alternative }) else {
                throw CommandFailure("the rules have no alternative \(alternative)")
            }
            let (names, hot, counted) = try await Self.count(client, rules.blocking, limit: rules.blockLimit)
            let refreshed = try Self.rules(rules, with: names.frequencies(against: alternative), hot)
            let why = comment.isEmpty ? "names of \(counted) records, on \(rules.version)" : comment
            let report = try await call.put(refreshed.yaml(), comment: why)
            return (report, refreshed, counted)
        }
        target.tell(report) {
            let keys = refreshed.hotKeys.isEmpty ? "" : ", \(Quantity.count(refreshed.hotKeys.count)) hot keys left out"
            return ["\(refreshed.version) is kept: names of \(Quantity.count(counted)) records\(keys)"]
        }
    }

    private static func alternative(of rules: RuleSet) throws -> String {
        if let known = rules.frequencies?.alternative { return known }
        guard rules.alternatives.contains(where: { $0.name == "stranger" }) else {
            throw CommandFailure("the rules do not say against what names prove something: --against")
        }
        return "stranger"
    }

    private static func rules(
        _ rules: RuleSet,
        with frequencies: TermFrequencies,
        _ hotKeys: [UInt64]
    ) throws -> RuleSet {
        try RuleSet(
            name: rules.name,
            matchThreshold: rules.matchThreshold,
            reviewThreshold: rules.reviewThreshold,
            blockLimit: rules.blockLimit,
            alternatives: rules.alternatives,
            blocking: rules.blocking,
            guards: rules.guards,
            frequencies: frequencies,
            identifiers: rules.identifiers,
            columns: rules.columns,
            decisions: rules.decisions,
            linkage: rules.linkage,
            hotKeys: hotKeys
        )
    }

    /// Counts the names of all live records, and finds the keys that more of them have than a block may.
    ///
    /// Eight bytes a key: a million records take about 100 MB.
    private static func count(
        _ client: RegistryClient,
        _ blocking: [BlockingRule],
        limit: Int
    ) async throws -> (NameCounts, [UInt64], Int) {
        let blocks = BlockingKeys(blocking)
        var keys: [UInt64] = []
        let mapping = PatientMapping()
        let nobody = RecordKey(source: "", value: "")
        var names = NameCounts()
        let counted = try await PatientsExport(client: client).each { line in
            // A record that this program cannot read has no names that it could count.
            guard let record = try? mapping.record(decoding: line.span.bytes, key: nobody) else { return }
            let normal = NormalisedRecord(record)
            keys += blocks.keys(of: normal).map(\.hash)
            for name in FeatureRow.names(FeatureRow.encode(normal)[...]) {
                names.add(given: name.given, family: name.family)
            }
        }
        return (names, HotKey.beyond(limit, in: keys), counted)
    }
}
