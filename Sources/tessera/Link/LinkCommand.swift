internal import ArgumentParser
internal import BatchLinkage
internal import Identifiers
internal import JSON
internal import RecordFiles

/// `tessera link`: files of patients into persons, without a server.
struct LinkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "link",
        abstract: "Links files of patients without a server and keeps nothing but the links.",
        discussion: """
            Gives the persons that a registry would find in the same records under the same rules. Ends with \
            status 2 when records were rejected (they are in the rejects file).
            """
    )

    @Argument(help: ArgumentHelp("Files of patients, CSV or NDJSON.", valueName: "file"), completion: .file())
    var files: [String]

    @Option(help: ArgumentHelp("Write source,record_id,golden_id to this CSV.", valueName: "file"))
    var output: String

    @Option(help: ArgumentHelp("Rules to link by (default: those of tessera rules print).", valueName: "file"))
    var rules: String?

    @Option(
        help: ArgumentHelp("What the files hold: csv, ndjson or auto.", valueName: "format"),
        transform: InputFormat.parse
    )
    var format = FileFormat.auto

    @Option(help: ArgumentHelp("Source of the rows that name none (default: the file's name).", valueName: "name"))
    var source: String?

    @Option(help: ArgumentHelp("Where records that cannot be read are kept, with the reason.", valueName: "file"))
    var rejects = "rejects.csv"

    @Option(
        name: .customLong("map"),
        help: ArgumentHelp("Read a column as a field, for example Surname=family_name.", valueName: "column=field")
    )
    var columns: [String] = []

    @Flag(
        help: ArgumentHelp("Learn the rules from the records first: comes with a later release.", visibility: .hidden)
    )
    var train = false

    @Flag(help: "Answers one JSON value when done; no progress is shown.")
    var json = false

    func validate() throws {
        guard !train else {
            throw ValidationError("--train comes with a later release; leave it out, or give rules with --rules FILE")
        }
        guard !files.isEmpty else { throw ValidationError("name at least one file of patients") }
    }

    func run() async throws {
        var options = RecordFileOptions()
        options.format = format
        options.source = source
        options.columns = columns
        let total = try LoadReader.totalBytes(of: files, options: options)
        let sink = RejectsSink(path: rejects, files: files)
        sink.removeEarlier()
        let tally = LoadTally(start: ContinuousClock().now, rejects: sink)
        var run = LinkRun(rules: try RuleFile.rules(rules))
        let progress = showProgress(of: tally, totalBytes: total)
        defer { progress.cancel() }
        for index in files.indices { try await read(index, options, tally, into: &run) }
        progress.cancel()
        await progress.value
        if !json { Terminal.note("\(Quantity.count(run.count)) records read; comparing") }
        let result = try await Self.link(run)
        try Self.write(result, to: output)
        report(result.report, tally)
        if let failure = tally.failure { throw failure }
        if tally.counts.rejected > 0 { throw ExitCode(2) }
    }

    private func read(
        _ index: Int,
        _ options: RecordFileOptions,
        _ tally: LoadTally,
        into run: inout LinkRun
    ) async throws {
        let input = LinkInput(file: index, path: files[index], options: options, tally: tally)
        try await input.read { columns in
            Terminal.note("\(files[index]): columns not used: \(columns) (--map COLUMN=FIELD uses one)")
        } take: { batch in
            do throws(LinkError) {
                try await run.add(batch)
            } catch {
                throw Self.failure(error)
            }
        }
    }

    private static func link(_ run: consuming LinkRun) async throws -> LinkResult {
        do {
            return try await run.link()
        } catch {
            throw failure(error)
        }
    }

    static func failure(_ error: LinkError) -> CommandFailure {
        switch error {
        case .tooManyRecords(let limit):
            CommandFailure("more than \(Quantity.count(limit)) records: link them with a cluster (tessera load)")
        case .malformedRow(let id): CommandFailure("the features of record \(id) cannot be read back")
        case .undecided(let id, let reason): CommandFailure("the persons around record \(id) are undecided: \(reason)")
        }
    }

    private static func write(_ result: LinkResult, to path: String) throws {
        do throws(RecordFileError) {
            let file = try LinksFile(path: path == "-" ? "/dev/stdout" : path)
            for link in result.links {
                let golden = link.golden.description
                try file.append(LinkRow(source: link.key.source, recordID: link.key.value, goldenID: golden))
            }
            try file.finish()
        } catch {
            throw CommandFailure("\(error)")
        }
    }

    private func showProgress(of tally: LoadTally, totalBytes: Int?) -> Task<Void, Never> {
        Task { [json] in
            await ProgressLine(isQuiet: json).run {
                let counts = tally.counts
                let share = totalBytes.map { $0 > 0 ? ", \(min(100, counts.bytesRead * 100 / $0)) %" : "" } ?? ""
                return "\(Quantity.count(counts.read)) records read\(share)"
            }
        }
    }

    private func report(_ report: LinkReport, _ tally: LoadTally) {
        let rejected = tally.counts.rejected
        guard !json else { return Report.json(Self.json(report, rejected: rejected, seconds: tally.seconds)) }
        var line = "\(Quantity.count(report.records)) records are \(Quantity.count(report.persons)) persons"
        line += "; \(Quantity.count(report.scored)) of \(Quantity.count(report.pairs)) pairs compared"
        line += ", \(Quantity.count(report.reviews)) for review; \(Quantity.time(seconds: tally.seconds))"
        if rejected > 0 { line += "; \(Quantity.count(rejected)) rejected, see \(rejects)" }
        Terminal.note(line)
    }

    private static func json(_ report: LinkReport, rejected: Int, seconds: Double) -> JSONValue {
        func number(_ value: Int) -> JSONValue { .number(JSONNumber(value)) }
        return [
            "records": number(report.records), "repeated": number(report.repeated), "rejected": number(rejected),
            "persons": number(report.persons), "keys": number(report.keys), "pairs": number(report.pairs),
            "scored": number(report.scored), "matches": number(report.matches), "reviews": number(report.reviews),
            "largestBlock": number(report.largestBlock), "cutBlocks": number(report.cutBlocks),
            "rules": .string(report.rules),
            "seconds": .number(JSONNumber((seconds * 1_000).rounded() / 1_000)),
        ]
    }
}
