import ArgumentParser

/// Looks at audit trails.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Look at an audit trail.",
        subcommands: [AuditVerifyCommand.self]
    )
}
