internal import ArgumentParser
internal import JSON

/// `tessera rules replay`: tries a version on stored records.
struct RulesReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Tries a version on the stored records, or a share of them; shows what it would change.",
        discussion: """
            Each record is compared by both rule sets where it is stored; nothing is decided by the candidate, and \
            persons are not divided anew. What the candidate finds by keys that are not posted yet is not seen: \
            `tessera rules compare` on exported records sees all.
            """
    )

    @Argument(help: ArgumentHelp("A version, as `show` takes it.", valueName: "version"))
    var version: String

    @Option(help: ArgumentHelp("The share of the records, up to 1.", valueName: "share"))
    var sample = 1.0

    @Option(help: ArgumentHelp("Records that may be tried a second; 0 for as many as can.", valueName: "n"))
    var recordsPerSecond: UInt64?

    @Flag(help: "End the one that is under way.")
    var off = false

    @Flag(help: "Return once the order is taken.")
    var noWait = false

    @OptionGroup var target: ClusterTarget

    func validate() throws {
        guard sample > 0, sample <= 1 else { throw ValidationError("--sample must be above 0 and at most 1") }
    }

    func run() async throws {
        let (text, rate, waits) = (version, recordsPerSecond, !noWait && !off)
        let perMille = off ? 0 : max(1, Int(sample * 1_000))
        let report = try await RegistryClient.with(target.url(), target.connection) { client in
            let call = RulesCall(client: client)
            let digits = try RulesCall.version(text, in: try await call.read())
            let report = try await call.send { writer in
                writer.member("action", "replay")
                writer.member("version", digits)
                writer.key("perMille")
                writer.integer(perMille)
                if let rate {
                    writer.key("recordsPerSecond")
                    writer.integer(rate)
                }
            }
            return waits ? try await call.waitForReplay() : report
        }
        target.tell(report) { TrialLines.lines(report["onStoredRecords"], none: "no version was tried") }
    }
}
