internal import ArgumentParser
internal import JSON

/// `tessera cluster rebalance`: slots are dealt out evenly, by their number or by how often they are asked for.
struct ClusterRebalanceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebalance",
        abstract: "Deals slots out evenly among all shards; the fewest that can move do.",
        discussion: """
            By heat, slots change places in pairs until no shard is asked much more than others, as the coordinator \
            that gets the order counted it in the last minute. Nothing moves unless the hottest shard's load falls by \
            a tenth of an even share.
            """
    )

    /// What is made even.
    enum Measure: String, CaseIterable, ExpressibleByArgument { case slots, heat }

    @Option(help: "What is made even: slots (as many on each shard) or heat (questions).")
    var by: Measure = .slots

    @Flag(help: "Only shows what would move, and what each shard has before and after.")
    var dryRun = false

    @OptionGroup var rate: MoveRate
    @OptionGroup var order: LayoutOrder

    func run() async throws {
        let (rate, by, dryRun) = (rate.bytesPerSecond, by.rawValue, dryRun)
        try await order.send { writer in
            writer.member("action", "rebalance")
            writer.member("by", by)
            writer.key("bytesPerSecond")
            writer.integer(rate)
            writer.key("dryRun")
            writer.boolean(dryRun)
        }
    }
}
