internal import ArgumentParser
internal import JSON

/// `tessera rules list`: the rule sets that a registry keeps.
struct RulesListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the rule sets of a registry, the newest first."
    )

    @Flag(help: "Show what was done with them instead: who activated what, and when.")
    var history = false

    @OptionGroup var target: ClusterTarget

    func run() async throws {
        let report = try await RegistryClient.with(target.url(), target.connection) {
            try await RulesCall(client: $0).read()
        }
        target.tell(report) { history ? RulesLines.turns(report) : RulesLines.versions(report) }
    }
}
