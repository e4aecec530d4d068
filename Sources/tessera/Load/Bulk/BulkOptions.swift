internal import ArgumentParser
internal import Foundation
internal import Identifiers
internal import JSON

/// How a load fills an empty registry without servers.
struct BulkOptions: ParsableArguments {
    @Flag(name: .customLong("bulk"), help: "Fill an empty registry without servers; needs --data.")
    var isWanted = false

    @Option(
        help: ArgumentHelp("The directory that `serve --data` or `cluster/up --dir` will be given.", valueName: "dir")
    )
    var data: String?

    @Option(help: "How many shards the registry will have.")
    var shards = 1

    @Option(help: ArgumentHelp("The rule file that it will have; the built-in rules by default.", valueName: "file"))
    var rules: String?

    @OptionGroup(title: "Encryption at rest")
    var encryption: EncryptionOptions

    func validate() throws {
        guard isWanted || encryption.source == nil else {
            throw ValidationError(
                "only --bulk writes to disks itself: a running shard has its keys in its configuration"
            )
        }
        guard isWanted == (data != nil) else { throw ValidationError("--bulk and --data belong together") }
        guard (1...ShardID.limit).contains(shards) else {
            throw ValidationError("--shards must be 1 to \(ShardID.limit)")
        }
    }

    /// Refuses what does not go with it.
    func check(_ patients: PatientFiles, _ server: ServerURL?) throws {
        guard server == nil else { throw ValidationError("--bulk works without servers: leave --to out") }
        guard !patients.files.contains("-") else {
            throw ValidationError("--bulk reads its files twice: standard input can be read once only")
        }
    }

    /// Carries it out and reports.
    func run(_ patients: PatientFiles, rejects: String, json: Bool) async throws {
        var input = BatchInput()
        input.patients = patients
        input.rejects = rejects
        let start = ContinuousClock().now
        let directory = data ?? ""
        let load = BulkLoad(
            directory: directory,
            shards: shards,
            rules: try RuleSource.load(rules),
            input: input,
            isQuiet: json,
            vault: try encryption.vault()
        )
        let (outcome, tally) = try await Interruption.guarding { try await load.run() }.value
        let seconds = (ContinuousClock().now - start) / .seconds(1)
        let rejected = tally?.counts.rejected ?? 0
        if json {
            Report.json([
                "stored": .number(JSONNumber(outcome.stored)), "replaced": .number(JSONNumber(outcome.replaced)),
                "rejected": .number(JSONNumber(rejected)), "pairs": .number(JSONNumber(outcome.pairs)),
                "edges": .number(JSONNumber(outcome.edges)), "resumed": .boolean(outcome.isResumed),
                "milliseconds": .number(JSONNumber(Int(seconds * 1_000))),
            ])
        } else if outcome.isResumed {
            Report.text(["an earlier bulk load was whole: it is in place below \(directory) now; nothing was read"])
        } else {
            let rate = Quantity.count(Int(Double(outcome.stored) / max(seconds, 0.001)))
            var line =
                "\(Quantity.count(outcome.stored)) records stored in \(Quantity.time(seconds: seconds)), \(rate)/s"
            if outcome.replaced > 0 { line += "; \(Quantity.count(outcome.replaced)) earlier versions left out" }
            if rejected > 0 { line += "; \(Quantity.count(rejected)) rejected, see \(rejects)" }
            Report.text([line])
        }
        if rejected > 0 { throw ExitCode(2) }
    }
}
