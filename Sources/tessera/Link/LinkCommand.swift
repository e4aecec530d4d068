internal import ArgumentParser
internal import BatchLinkage
internal import Identifiers
internal import JSON
internal import RecordFiles
internal import RuleSets

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

    @OptionGroup var input: BatchInput

    @Option(help: ArgumentHelp("Write source,record_id,golden_id to this CSV.", valueName: "file"))
    var output: String

    @Option(help: ArgumentHelp("Rules to link by (default: those of tessera rules print).", valueName: "file"))
    var rules: String?

    @Flag(help: "Learn the rules from the records first; --rules then says where to start from.")
    var train = false

    @Option(help: ArgumentHelp(TrainingLabels.help, valueName: "file"))
    var labels: String?

    @Flag(help: "Answers one JSON value when done; no progress is shown.")
    var json = false

    func validate() throws {
        guard labels == nil || train else { throw ValidationError("--labels needs --train: only learning reads them") }
    }

    func run() async throws {
        let start = try RuleFile.rules(rules)
        if train {
            var run = TrainingRun(start: start)
            try TrainingLabels.teach(&run, from: labels)
            let tally = try await input.read(isQuiet: json) { batch in
                do throws(LinkError) { try await run.add(batch) } catch { throw Self.failure(error) }
            }
            if !json { Terminal.note("\(Quantity.count(run.count)) records read; learning") }
            // Out of the variable that the closure shares: a second owner would double what is put in order.
            let learnt = try await Self.trained(exchange(&run, with: TrainingRun(start: start)))
            try await finish(learnt.run, tally)
        } else {
            var run = LinkRun(rules: start)
            let tally = try await input.read(isQuiet: json) { batch in
                do throws(LinkError) { try await run.add(batch) } catch { throw Self.failure(error) }
            }
            try await finish(exchange(&run, with: LinkRun(rules: start)), tally)
        }
    }

    private func finish(_ run: consuming LinkRun, _ tally: LoadTally) async throws {
        if !json { Terminal.note("\(Quantity.count(run.count)) records read; comparing") }
        let result = try await Self.link(run)
        try Self.write(result, to: output)
        report(result.report, tally)
        if let failure = tally.failure { throw failure }
        if tally.counts.rejected > 0 { throw ExitCode(2) }
    }

    static func trained(_ run: consuming TrainingRun) async throws -> TrainingRun.Trained {
        do {
            return try await run.trained()
        } catch {
            throw failure(error)
        }
    }

    static func link(_ run: consuming LinkRun) async throws -> LinkResult {
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
        case .untrainable(let reason): CommandFailure("nothing could be learnt: \(reason)")
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

    private func report(_ report: LinkReport, _ tally: LoadTally) {
        let rejected = tally.counts.rejected
        guard !json else { return Report.json(Self.json(report, rejected: rejected, seconds: tally.seconds)) }
        var line = "\(Quantity.count(report.records)) records are \(Quantity.count(report.persons)) persons"
        line += "; \(Quantity.count(report.scored)) of \(Quantity.count(report.pairs)) pairs compared"
        line += ", \(Quantity.count(report.reviews)) for review; \(Quantity.time(seconds: tally.seconds))"
        if let precision = report.estimatedPrecision, let recall = report.estimatedRecall {
            line += "; estimated precision \(Quantity.decimal(precision, 3)), recall \(Quantity.decimal(recall, 3))"
        }
        if rejected > 0 { line += "; \(Quantity.count(rejected)) rejected, see \(input.rejects)" }
        Terminal.note(line)
        if let doubt = report.doubt { Terminal.note(doubt) }
    }

    private static func json(_ report: LinkReport, rejected: Int, seconds: Double) -> JSONValue {
        func number(_ value: Int) -> JSONValue { .number(JSONNumber(value)) }
        return [
            "records": number(report.records), "repeated": number(report.repeated), "rejected": number(rejected),
            "persons": number(report.persons), "keys": number(report.keys), "pairs": number(report.pairs),
            "scored": number(report.scored), "matches": number(report.matches), "reviews": number(report.reviews),
            "largestBlock": number(report.largestBlock), "cutBlocks": number(report.cutBlocks),
            "rules": .string(report.rules), "estimate": TrainReport.estimate(report),
            "doubt": report.doubt.map { .string($0) } ?? .null,
            "seconds": .number(JSONNumber((seconds * 1_000).rounded() / 1_000)),
        ]
    }
}
