internal import ArgumentParser

/// `tessera subscriptions discard`: throws the notifications of a subscription away that were set aside.
struct SubscriptionsDiscardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discard",
        abstract: "Throws dead letters away; what stood behind them is told by `replay`."
    )

    @Argument(help: "The subscription, as `tessera subscriptions` shows it.")
    var subscription: String

    @Option(help: ArgumentHelp("Only the event with this number; may be repeated.", valueName: "number"))
    var event: [UInt64] = []

    @OptionGroup var target: ClusterTarget

    func run() async throws {
        try await DeadLetterCall(subscription: subscription, order: "discard", events: event).run(target)
    }
}
