internal import ArgumentParser

/// `tessera rules rollback`: makes the rules before the rules again.
struct RulesRollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Makes the rules that decided before the rules of a registry again, or gives up a change.",
        discussion:
            "A change that has not decided anything yet is given up at once; else it is a change like any other."
    )

    @OptionGroup var order: RulesOrderOptions

    func run() async throws { try await order.send("rollback") }
}
