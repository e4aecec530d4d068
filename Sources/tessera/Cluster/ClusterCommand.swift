internal import ArgumentParser

/// `tessera cluster`: what operators ask of a running cluster.
struct ClusterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cluster",
        abstract: "Looks after a running cluster.",
        subcommands: [
            ClusterStatusCommand.self, ClusterEventsCommand.self, ClusterMovesCommand.self, ClusterAddShardCommand.self,
            ClusterDrainCommand.self,
            ClusterRebalanceCommand.self, ClusterBackupCommand.self, ClusterRestoreCommand.self,
            ClusterScrubCommand.self,
        ]
    )
}
