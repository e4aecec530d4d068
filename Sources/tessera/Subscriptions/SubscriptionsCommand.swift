import ArgumentParser

/// `tessera subscriptions`: who is told of changes, and what could not be told.
struct SubscriptionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "subscriptions",
        abstract: "Shows who is told of changes and what could not be told; tells it again.",
        subcommands: [
            SubscriptionsListCommand.self, SubscriptionsDeadCommand.self, SubscriptionsReplayCommand.self,
            SubscriptionsDiscardCommand.self,
        ],
        defaultSubcommand: SubscriptionsListCommand.self
    )

    static let path = "/api/v1/subscriptions"
}
