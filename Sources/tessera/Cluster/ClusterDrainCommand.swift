internal import ArgumentParser
internal import JSON

/// `tessera cluster drain`: a shard gives its slots away, or, once it has none, leaves.
struct ClusterDrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain",
        abstract: "Lets a shard give all its slots to the others; with --remove, lets one without slots leave."
    )

    @Argument(help: "What operators call it.")
    var name: String

    @Flag(help: "The shard has nothing any more: take it out of the cluster.")
    var remove = false

    @OptionGroup var rate: MoveRate
    @OptionGroup var order: LayoutOrder

    func run() async throws {
        let (name, action, rate) = (name, remove ? "remove" : "drain", rate.bytesPerSecond)
        try await order.send { writer in
            writer.member("action", action)
            writer.member("name", name)
            writer.key("bytesPerSecond")
            writer.integer(rate)
        }
    }
}
