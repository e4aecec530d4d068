internal import ArgumentParser

/// `tessera rules resume`: lets a change of rules go on.
struct RulesResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Lets a change of rules go on, at another rate where one is given."
    )

    @OptionGroup var order: RulesOrderOptions

    func run() async throws { try await order.send("resume") }
}
