internal import ArgumentParser
internal import JSON

/// `tessera cluster events`: what happened to the cluster.
struct ClusterEventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Says what happened to the cluster: who led, which replicas came and went and why, how slots moved.",
        discussion: "A coordinator tells what it saw since it was started, the newest thousand entries."
    )

    @Option(help: ArgumentHelp("Leaves out what came up to this entry.", valueName: "number"))
    var after: UInt64 = 0

    @OptionGroup var target: ClusterTarget

    func run() async throws {
        let path = "/api/v1/cluster/events?after=\(after)"
        let events = try await RegistryClient.with(target.url(), target.connection) { try await $0.json(path) }
        target.tell(events) { Self.lines(events) }
    }

    /// The events as people read them.
    static func lines(_ answer: JSONValue) -> [String] {
        let events = answer["events"]?.array ?? []
        guard !events.isEmpty else { return ["nothing happened"] }
        var table = TextTable([("", .right), ("at", .left), ("what", .left), ("who", .left), ("", .left)])
        for event in events {
            table.add([
                event["number"]?.integer.map { "\($0)" } ?? "?", event["at"]?.string ?? "?",
                event["kind"]?.string ?? "?", event["subject"]?.string ?? "?", event["text"]?.string ?? "",
            ])
        }
        return table.lines
    }
}
