internal import ArgumentParser

/// `tessera rules pause`: lets a change of rules rest.
struct RulesPauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Lets a change of rules rest; the registry serves as before."
    )

    @OptionGroup var order: RulesOrderOptions

    func run() async throws { try await order.send("pause", waits: false) }
}
