internal import ArgumentParser
internal import JSON
internal import Transport

/// Gives an order about dead letters and waits until it is carried out.
struct DeadLetterCall: ParsableArguments {
    /// Between two looks.
    private static let pause: Duration = .milliseconds(300)

    @Argument(help: "The subscription, as `tessera subscriptions` shows it.")
    var subscription: String

    @Option(help: ArgumentHelp("Only the event with this number; may be repeated.", valueName: "number"))
    var event: [UInt64] = []

    @OptionGroup var target: ClusterTarget

    /// Sends the order, waits, and tells what is left.
    func run(_ order: String) async throws {
        let answer = try await RegistryClient.with(try target.url(), target.connection) { client in
            let meant = try await send(order, client)
            while true {
                let all = try await client.json(SubscriptionsCommand.path)["subscriptions"]?.array ?? []
                guard let one = all.first(where: { $0["id"]?.string == subscription }) else {
                    throw CommandFailure("the subscription \(subscription) is gone")
                }
                if one["order"] == nil { return (meant, one) }
                if one["status"]?.string == "error" {
                    throw CommandFailure(
                        "the subscriber cannot be told now: \(one["error"]?.string ?? ""); the order stands"
                    )
                }
                try await Task.sleep(for: Self.pause)
            }
        }
        target.tell(answer.1) {
            let left = answer.1["deadLetters"]?.integer ?? 0
            return ["\(order): \(Quantity.count(answer.0)) letters meant, \(Quantity.count(left)) left"]
        }
    }

    private func send(_ order: String, _ client: RegistryClient) async throws -> Int {
        let path = "\(SubscriptionsCommand.path)/\(URLPart.encode(subscription))/dead/\(order)"
        let body: JSONObject = ["events": .array(event.map { .number(JSONNumber($0)) })]
        let request = HTTPClientRequest(
            method: "POST",
            path: path,
            headers: ["content-type": "application/json", "accept": "application/json"],
            body: JSONValue.object(body).serialised()
        )
        let response = try await client.send(request)
        guard response.status == 202 else {
            throw RegistryClient.failure(client.url, path, response.status, response.body)
        }
        return try JSONValue(parsing: response.body.span.bytes)["letters"]?.integer ?? 0
    }
}
