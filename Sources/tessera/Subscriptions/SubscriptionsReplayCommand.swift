internal import ArgumentParser

/// `tessera subscriptions replay`: tells the notifications of a subscription again that were set aside.
struct SubscriptionsReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Tells dead letters again, those of one person in their order."
    )

    @Argument(help: "The subscription, as `tessera subscriptions` shows it.")
    var subscription: String

    @Option(help: ArgumentHelp("Only the event with this number; may be repeated.", valueName: "number"))
    var event: [UInt64] = []

    @OptionGroup var target: ClusterTarget

    func run() async throws {
        try await DeadLetterCall(subscription: subscription, order: "replay", events: event).run(target)
    }
}
