internal import ArgumentParser
internal import JSON

/// `tessera cluster add-shard`: a new shard takes its share of the slots.
struct ClusterAddShardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add-shard",
        abstract: "Lets a running shard join; slots move to it while the cluster serves.",
        discussion: """
            Where shards have several copies, name the others as well:

              tessera cluster add-shard shard-4a 10.0.0.4:8081 --copy shard-4b=10.0.0.5:8081
            """
    )

    /// One of the copies: what operators call it, and where it listens.
    struct Copy: ExpressibleByArgument, Sendable {
        let name: String
        let address: ListenAddress

        init(name: String, address: ListenAddress) {
            self.name = name
            self.address = address
        }

        init?(argument: String) {
            guard let equals = argument.firstIndex(of: "="), equals > argument.startIndex,
                let address = ListenAddress(String(argument[argument.index(after: equals)...]))
            else { return nil }
            self.init(name: String(argument[..<equals]), address: address)
        }
    }

    @Argument(help: "What operators call it, such as shard-4.")
    var name: String

    @Argument(help: "HOST:PORT at which it listens.")
    var address: ListenAddress

    @Option(
        name: .customLong("copy"),
        help: ArgumentHelp(
            "Another copy of the shard, a process that runs as well; repeats.",
            valueName: "name=host:port"
        )
    )
    var copies: [Copy] = []

    @OptionGroup var rate: MoveRate
    @OptionGroup var order: LayoutOrder

    func run() async throws {
        let (copies, rate) = ([Copy(name: name, address: address)] + copies, rate.bytesPerSecond)
        try await order.send { writer in
            writer.member("action", "add-shard")
            writer.key("replicas")
            writer.beginArray()
            for copy in copies {
                writer.beginObject()
                writer.member("name", copy.name)
                writer.member("address", copy.address.description)
                writer.endObject()
            }
            writer.endArray()
            writer.key("bytesPerSecond")
            writer.integer(rate)
        }
    }
}
