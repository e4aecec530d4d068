internal import ArgumentParser
internal import JSON
internal import RecordFiles

/// `tessera evaluate`: how well persons that were found agree with the truth.
struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Scores links against the truth: pairwise and B-cubed precision, recall and F1.",
        discussion: """
            The truth is a CSV with the columns record_id and entity_id. A record that the links do not name \
            counts as a person of its own; one that the truth does not name is left out. With --records the files \
            are linked here by the rules, and --charts draws precision over recall, what each threshold would give, \
            and how weights are distributed.
            """
    )

    @Option(help: ArgumentHelp("The truth, a CSV with record_id and entity_id.", valueName: "file"))
    var truth: String

    @Option(help: ArgumentHelp("The links, a CSV with record_id and golden_id.", valueName: "file"))
    var links: String?

    @Option(
        name: .customLong("from"),
        help: ArgumentHelp("Take the links of a registry instead (default: TESSERA_URL).", valueName: "url"),
        transform: ServerURL.init(parsing:)
    )
    var server: ServerURL?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Link these files of patients and score that.", valueName: "file"),
        completion: .file()
    )
    var records: [String] = []

    @Option(help: ArgumentHelp("Rules to link by (default: those of tessera rules print).", valueName: "file"))
    var rules: String?

    @Option(help: ArgumentHelp("Write charts of the compared pairs to this folder (SVG).", valueName: "folder"))
    var charts: String?

    @Flag(help: "Answers one JSON value.")
    var json = false

    @OptionGroup(title: "TLS")
    var connection: ConnectionOptions

    func validate() throws {
        guard links == nil || server == nil else { throw ValidationError("give --links or --from, not both") }
        guard records.isEmpty || (links == nil && server == nil) else {
            throw ValidationError("--records links by itself: leave --links and --from out")
        }
        guard charts == nil || !records.isEmpty else { throw ValidationError("--charts needs --records") }
    }

    func run() async throws {
        let truthRecords = try Self.read(truth) { path throws(RecordFileError) in try .truth(path: path) }
        let prediction: LabelledRecords
        if !records.isEmpty {
            let linked = try await EvaluatedLink(files: records, rules: try RuleFile.rules(rules))
            if let charts { try await linked.draw(truth: truthRecords, into: charts, isQuiet: json) }
            prediction = try await linked.links()
        } else if let links {
            prediction = try Self.read(links) { path throws(RecordFileError) in try .links(path: path) }
        } else {
            let url = try ServerURL.resolve(server)
            prediction = try await RegistryClient.with(url, connection) { try await Self.links(of: $0) }
        }
        let score: LinkageScore
        do {
            score = try LinkageScore(truth: truthRecords, prediction: prediction)
        } catch {
            throw CommandFailure("\(error)")
        }
        if json { Report.json(ScoreReport(score).json) } else { Report.text(ScoreReport(score).lines) }
    }

    private static func read(
        _ path: String,
        _ read: (String) throws(RecordFileError) -> LabelledRecords
    ) throws(CommandFailure) -> LabelledRecords {
        do {
            return try read(path)
        } catch {
            throw LoadReader.failure(error, path)
        }
    }

    private static func links(of client: RegistryClient) async throws -> LabelledRecords {
        var pairs: [(recordID: String, label: String)] = []
        var pages = LinksPages(client, accept: "application/json")
        while let page = try await pages.page() {
            guard let links = try? JSONValue(parsing: page.span.bytes)["links"]?.array else {
                throw CommandFailure("\(client.url)/api/v1/links answered no list of links: is this a Tessera server?")
            }
            for link in links {
                guard let id = link["id"]?.string, let golden = link["golden"]?.string else { continue }
                pairs.append((id, golden))
            }
        }
        return LabelledRecords(pairs)
    }
}
