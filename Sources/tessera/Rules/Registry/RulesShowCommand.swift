internal import ArgumentParser
internal import JSON

/// `tessera rules show`: a rule set of a registry as a file.
struct RulesShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Prints a rule set of a registry as a file."
    )

    @Argument(
        help: ArgumentHelp(
            "A version, the beginning of one, a name; or deciding, previous, configured, shadow.",
            valueName: "version"
        )
    )
    var version = "deciding"

    @OptionGroup var target: ClusterTarget

    func run() async throws {
        let version = version
        var text = try await RegistryClient.with(target.url(), target.connection) { client in
            let call = RulesCall(client: client)
            return try await call.file(try RulesCall.version(version, in: try await call.read()))
        }
        if text.hasSuffix("\n") { text.removeLast() }
        Report.text([text])
    }
}
