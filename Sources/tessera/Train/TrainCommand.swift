internal import ArgumentParser
internal import BatchLinkage
internal import Matching
internal import RuleSets

/// `tessera train`: rules learnt from files of patients, without being told who is who.
struct TrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Learns rules from files of patients and writes a rule file.",
        discussion: """
            Weights, term frequencies, blocking keys and the threshold follow from the records alone; an entity_id \
            column is not read. The same records and seed give the same file. Link by it with \
            tessera link --rules FILE, or start a registry with it.
            """
    )

    @OptionGroup var input: BatchInput

    @Option(help: ArgumentHelp("Write the rule file here; - is standard output.", valueName: "file"))
    var output: String

    @Option(help: ArgumentHelp("Rules to start from (default: those of tessera rules print).", valueName: "file"))
    var rules: String?

    @Option(help: "What people shall call the rules.")
    var name = "trained"

    @Option(help: "Which random pairs are looked at.")
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("Write charts of what was learnt to this folder (SVG).", valueName: "folder"))
    var charts: String?

    @Option(help: ArgumentHelp(TrainingLabels.help, valueName: "file"))
    var labels: String?

    @Flag(help: "Answers one JSON value when done; no progress is shown.")
    var json = false

    func run() async throws {
        let start = try RuleFile.rules(rules)
        guard start.alternatives.map(\.name) == ["stranger", "relative"] else {
            throw CommandFailure("training starts from rules with the alternatives stranger and relative")
        }
        var run = TrainingRun(start: start, seed: seed)
        try TrainingLabels.teach(&run, from: labels)
        let tally = try await input.read(isQuiet: json) { batch in
            do throws(LinkError) { try await run.add(batch) } catch { throw LinkCommand.failure(error) }
        }
        if !json { Terminal.note("\(Quantity.count(run.count)) records read; learning") }
        let trained: TrainingRun.Trained
        do throws(LinkError) {
            // Out of the variable that the closure shares: a second owner would double what is put in order.
            trained = try await exchange(&run, with: TrainingRun(start: start)).trained(name: name)
        } catch {
            throw LinkCommand.failure(error)
        }
        let result = try await LinkCommand.link(trained.run)
        let report = TrainReport(model: trained.model, rules: trained.rules, link: result.report)
        var file = try OutputFile(path: output)
        try file.write(trained.rules.yaml(comments: report.comments))
        try file.finish()
        if let charts { try TrainedCharts(trained).write(to: charts) }
        if json {
            Report.json(report.json)
        } else if output != "-" {
            Report.text(report.lines)
        }
        if let failure = tally.failure { throw failure }
        if tally.counts.rejected > 0 { throw ExitCode(2) }
    }
}
