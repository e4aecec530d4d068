internal import ArgumentParser
internal import JSON
internal import Matching

/// `tessera rules put`: gives a registry a rule file to keep.
struct RulesPutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "put",
        abstract: "Gives a registry a rule file to keep as a version; nothing is decided by it yet."
    )

    @Argument(help: ArgumentHelp("The rule file.", valueName: "file"), completion: .file())
    var path: String

    @Option(help: ArgumentHelp("Why, for those who come later.", valueName: "text"))
    var comment = ""

    @OptionGroup var target: ClusterTarget

    func run() async throws {
        let rules = try RuleFile.rules(path)
        let (text, comment) = (try RuleFile.text(path), comment)
        let report = try await RegistryClient.with(target.url(), target.connection) { client in
            try await RulesCall(client: client).put(text, comment: comment)
        }
        target.tell(report) { ["\(rules.version) is kept: \(rules.name)"] }
    }
}
