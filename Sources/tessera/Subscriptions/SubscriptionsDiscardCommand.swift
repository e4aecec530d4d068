internal import ArgumentParser

/// `tessera subscriptions discard`: throws the notifications of a subscription away that were set aside.
struct SubscriptionsDiscardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discard",
        abstract: "Throws dead letters away; what stood behind them is told by `replay`."
    )

    @OptionGroup var call: DeadLetterCall

    func run() async throws { try await call.run("discard") }
}
