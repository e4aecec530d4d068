internal import ArgumentParser
internal import JSON

/// `tessera cluster add-shard`: a new shard takes its share of the slots.
struct ClusterAddShardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add-shard",
        abstract: "Lets a running shard join; slots move to it while the cluster serves."
    )

    @Argument(help: "What operators call it, such as shard-4.")
    var name: String

    @Argument(help: "HOST:PORT at which it listens.")
    var address: ListenAddress

    @OptionGroup var rate: MoveRate
    @OptionGroup var order: LayoutOrder

    func run() async throws {
        let (name, address, rate) = (name, address.description, rate.bytesPerSecond)
        try await order.send { writer in
            writer.member("action", "add-shard")
            writer.member("name", name)
            writer.member("address", address)
            writer.key("bytesPerSecond")
            writer.integer(rate)
        }
    }
}
