import ArgumentParser

/// `tessera migrate`: takes over what another registry knows.
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Takes over the records, links and golden identifiers of another registry.",
        subcommands: [MigrateOpenCRCommand.self]
    )
}
