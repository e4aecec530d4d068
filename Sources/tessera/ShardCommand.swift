import ArgumentParser
import Logging
import NIOPosix
import Telemetry

/// Runs a shard node.
struct ShardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "shard", abstract: "Run a shard node.")

    @Option(help: "The configuration file (YAML).")
    var config: String

    @OptionGroup var protocols: SpeakOption

    func run() async throws {
        let configuration = try ShardConfiguration(path: config)
        LogBootstrap.start(level: configuration.logLevel)
        let logger = Logger(label: configuration.name)
        // One loop: the store is confined to it, and requests need no hop to reach it.
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let node = ShardNode(
            listen: configuration.listen,
            data: configuration.data,
            members: configuration.members,
            encryption: configuration.encryption,
            speaks: protocols.spoken,
            group: group,
            logger: logger
        )
        try await ServiceRun.run(node, logger: logger)
    }
}
