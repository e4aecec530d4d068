import ArgumentParser

/// Where the program begins.
@main
enum Program {
    static func main() async {
        Allocator.tune()
        await Tessera.main()
    }
}

/// The program: one command line for servers and clients.
struct Tessera: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tessera",
        abstract: "A national client registry: decides which patient records are one person.",
        version: Release.version,
        subcommands: [
            ServeCommand.self, CoordinatorCommand.self, ShardCommand.self, LoadCommand.self, LinkCommand.self,
            TrainCommand.self,
            ExportCommand.self, EvaluateCommand.self, ExplainCommand.self, ClusterCommand.self,
            RulesCommand.self, MigrateCommand.self, BenchCommand.self, AuditCommand.self,
            SubscriptionsCommand.self,
        ]
    )
}
