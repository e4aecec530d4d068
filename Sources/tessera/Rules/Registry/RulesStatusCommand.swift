internal import ArgumentParser
internal import JSON

/// `tessera rules status`: which rules decide, and how far a change is.
struct RulesStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Says which rules decide in a registry, and how far a change of rules is."
    )

    @OptionGroup var target: ClusterTarget

    func run() async throws {
        let report = try await RegistryClient.with(target.url(), target.connection) {
            try await RulesCall(client: $0).read()
        }
        target.tell(report) { RulesLines.status(report) }
    }
}
