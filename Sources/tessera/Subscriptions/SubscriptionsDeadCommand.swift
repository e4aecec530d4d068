internal import ArgumentParser
internal import JSON

/// `tessera subscriptions dead`: the notifications of a subscription that were set aside.
struct SubscriptionsDeadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead",
        abstract: "Shows the dead letters of a subscription, the oldest first."
    )

    @Argument(help: "The subscription, as `tessera subscriptions` shows it.")
    var subscription: String

    @OptionGroup var target: ClusterTarget

    func run() async throws {
        let path = "\(SubscriptionsCommand.path)/\(URLPart.encode(subscription))/dead"
        let answer = try await RegistryClient.with(try target.url(), target.connection) { client in
            try await client.json(path)
        }
        target.tell(answer) {
            var table = TextTable([
                ("number", .right), ("event", .left), ("record", .left), ("version", .right), ("reason", .left),
            ])
            for one in answer["dead"]?.array ?? [] {
                table.add([
                    "\(one["number"]?.integer ?? 0)", one["event"]?.string ?? "", one["record"]?.string ?? "",
                    "\(one["version"]?.integer ?? 0)", one["reason"]?.string ?? "",
                ])
            }
            return table.lines
        }
    }
}
