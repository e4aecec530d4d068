internal import ArgumentParser
internal import JSON

/// `tessera subscriptions list`: how far every subscriber has been told.
struct SubscriptionsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Shows subscriptions: status, how far they are behind, dead letters."
    )

    @OptionGroup var target: ClusterTarget

    func run() async throws {
        let answer = try await RegistryClient.with(try target.url(), target.connection) { client in
            try await client.json(SubscriptionsCommand.path)
        }
        target.tell(answer) {
            var table = TextTable([
                ("subscription", .left), ("client", .left), ("status", .left), ("events", .right), ("behind", .right),
                ("dead letters", .right),
            ])
            for one in answer["subscriptions"]?.array ?? [] {
                table.add([
                    one["id"]?.string ?? "", one["client"]?.string ?? "", one["status"]?.string ?? "",
                    Quantity.count(one["events"]?.integer ?? 0), Quantity.count(one["behind"]?.integer ?? 0),
                    Quantity.count(one["deadLetters"]?.integer ?? 0),
                ])
            }
            return table.lines
        }
    }
}
