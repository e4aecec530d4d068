internal import ArgumentParser
internal import JSON
internal import RecordFiles

/// `tessera load`: patients of files into a registry.
struct LoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Loads files of patients into a registry.",
        discussion: """
            Reads CSV with a header line and NDJSON of FHIR Patients or Bundles, compressed or not; `-` is \
            standard input. May be interrupted and run again: nothing is doubled. Ends with status 0 when \
            everything was stored, 2 when records were rejected (they are in the rejects file), 1 when it \
            had to stop.

            With --bulk, an empty registry is filled without servers, at half the CPU time: the stores below --data \
            are written as `tessera serve --data` and `cluster/up --dir` then find them.
            """
    )

    @OptionGroup var patients: PatientFiles

    @Option(
        name: .customLong("to"),
        help: ArgumentHelp("The registry (default: TESSERA_URL, or http://127.0.0.1:8080).", valueName: "url"),
        transform: ServerURL.init(parsing:)
    )
    var server: ServerURL?

    @Option(help: ArgumentHelp("Where records that were not stored are kept, with the reason.", valueName: "file"))
    var rejects = "rejects.csv"

    @Option(help: ArgumentHelp("Connections to the registry, 1 to 64.", valueName: "n"))
    var connections = 4

    @Option(help: ArgumentHelp("Give up when nothing is acknowledged for so long.", valueName: "seconds"))
    var patience = 120

    @Flag(help: "Answers one JSON value when done; no progress is shown.")
    var json = false

    @OptionGroup(title: "Bulk load")
    var bulk: BulkOptions

    @OptionGroup(title: "TLS")
    var connection: ConnectionOptions

    func validate() throws {
        guard (1...64).contains(connections) else { throw ValidationError("--connections takes 1 to 64") }
        guard (1...86_400).contains(patience) else { throw ValidationError("--patience takes 1 to 86400 seconds") }
        guard patients.files.count(where: { $0 == "-" }) < 2 else { throw ValidationError("'-' can be given once") }
    }

    func run() async throws {
        if bulk.isWanted {
            try bulk.check(patients, server)
            return try await bulk.run(patients, rejects: rejects, json: json)
        }
        let url = try ServerURL.resolve(server)
        let (files, options) = (patients.files, patients.options)
        let total = try LoadReader.totalBytes(of: files, options: options)
        let sink = RejectsSink(path: rejects, files: files)
        sink.removeEarlier()
        let tally = LoadTally(start: ContinuousClock().now, rejects: sink)
        var settings = LaneSettings(lanes: connections)
        settings.patience = .seconds(patience)
        let run = LoadRun(
            url: url,
            endpoint: connection.endpoint(url),
            paths: files,
            options: options,
            connections: connections,
            settings: settings,
            tally: tally,
            notice: Terminal.note
        )
        let progress = showProgress(of: tally, totalBytes: total)
        let outcome: (value: CommandFailure?, isInterrupted: Bool)
        outcome = try await Interruption.guarding { () async throws -> CommandFailure? in
            do throws(CommandFailure) {
                try await run.run()
                return nil
            } catch {
                return error
            }
        }
        progress.cancel()
        await progress.value
        try finish(tally, failure: outcome.value, isInterrupted: outcome.isInterrupted)
    }

    private func showProgress(of tally: LoadTally, totalBytes: Int?) -> Task<Void, Never> {
        Task { [json] in
            var progress = LoadProgress(totalBytes: totalBytes)
            progress.add(tally.counts, seconds: tally.seconds)
            await ProgressLine(isQuiet: json).run {
                progress.add(tally.counts, seconds: tally.seconds)
                return progress.line
            }
        }
    }

    private func finish(_ tally: LoadTally, failure: CommandFailure?, isInterrupted: Bool) throws {
        let summary = LoadSummary(counts: tally.counts, seconds: tally.seconds, marks: tally.marks, rejects: rejects)
        if json { Report.json(summary.json) } else { Report.text([summary.line]) }
        if isInterrupted {
            Terminal.note("interrupted: run the same command again to go on, nothing is doubled")
            throw ExitCode(130)
        }
        if let failure { throw failure }
        if tally.counts.rejected > 0 { throw ExitCode(2) }
    }
}
