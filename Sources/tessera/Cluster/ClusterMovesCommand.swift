internal import ArgumentParser
internal import JSON

/// `tessera cluster moves`: slots on their way between shards.
struct ClusterMovesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "moves",
        abstract: "Shows slots on their way between shards; holds, resumes or gives up a move."
    )

    @Option(help: ArgumentHelp("Holds a move.", valueName: "id"))
    var pause: UInt64?

    @Option(help: ArgumentHelp("Lets a move go on.", valueName: "id"))
    var resume: UInt64?

    @Option(help: ArgumentHelp("Gives a move up; its slots stay where they are.", valueName: "id"))
    var abort: UInt64?

    @OptionGroup var order: LayoutOrder

    func validate() throws {
        if [pause, resume, abort].compactMap({ $0 }).count > 1 {
            throw ValidationError("one of --pause, --resume and --abort at a time")
        }
    }

    func run() async throws {
        let actions = [("pause", pause), ("resume", resume), ("abort", abort)]
        for case (let action, let id?) in actions {
            return try await order.send { writer in
                writer.member("action", action)
                writer.key("move")
                writer.integer(id)
            }
        }
        try await order.show()
    }
}
