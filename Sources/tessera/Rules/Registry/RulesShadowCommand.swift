internal import ArgumentParser
internal import JSON

/// `tessera rules shadow`: tries a version on live writes.
struct RulesShadowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shadow",
        abstract: "Tries a version on live writes, beside the rules that decide; shows what it would change.",
        discussion: """
            Each record that is stored is compared by both, after its write was answered; nothing is decided by the \
            candidate. Where more is written than can be tried, records are left out and counted. Without a version it \
            shows what was found so far.
            """
    )

    @Argument(help: ArgumentHelp("A version, as `show` takes it.", valueName: "version"))
    var version: String?

    @Flag(help: "End it.")
    var off = false

    @OptionGroup var target: ClusterTarget

    func run() async throws {
        let (version, off) = (version, off)
        let report = try await RegistryClient.with(target.url(), target.connection) { client in
            let call = RulesCall(client: client)
            let report = try await call.read()
            if version == nil, !off { return report }
            let digits = try version.map { try RulesCall.version($0, in: report) }
            return try await call.send { writer in
                writer.member("action", "shadow")
                if let digits, !off { writer.member("version", digits) }
            }
        }
        target.tell(report) { TrialLines.lines(report["onLiveWrites"], none: "no version is tried on live writes") }
    }
}
