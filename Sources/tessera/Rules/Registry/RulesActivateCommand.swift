internal import ArgumentParser

/// `tessera rules activate`: makes a version the rules of a registry.
struct RulesActivateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "activate",
        abstract: "Makes a version the rules of a registry: every record is decided anew, in the background.",
        discussion: """
            First records are posted under the keys of the new rules, while the old ones decide; then persons are \
            decided anew, component by component. Golden identifiers stay; what stewards decided stays. Interrupting \
            this command does not stop the change: `tessera rules pause` does, `tessera rules rollback` takes it back.
            """
    )

    @Argument(help: ArgumentHelp("A version, as `show` takes it.", valueName: "version"))
    var version: String

    @OptionGroup var order: RulesOrderOptions

    func run() async throws { try await order.send("activate", version: version) }
}
