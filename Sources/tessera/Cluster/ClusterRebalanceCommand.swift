internal import ArgumentParser
internal import JSON

/// `tessera cluster rebalance`: slots are dealt out evenly.
struct ClusterRebalanceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebalance",
        abstract: "Deals slots out evenly among all shards; the fewest that can move do."
    )

    @OptionGroup var rate: MoveRate
    @OptionGroup var order: LayoutOrder

    func run() async throws {
        let rate = rate.bytesPerSecond
        try await order.send { writer in
            writer.member("action", "rebalance")
            writer.key("bytesPerSecond")
            writer.integer(rate)
        }
    }
}
