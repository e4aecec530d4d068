internal import ArgumentParser

/// `tessera subscriptions replay`: tells the notifications of a subscription again that were set aside.
struct SubscriptionsReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Tells dead letters again, those of one person in their order."
    )

    @OptionGroup var call: DeadLetterCall

    func run() async throws { try await call.run("replay") }
}
