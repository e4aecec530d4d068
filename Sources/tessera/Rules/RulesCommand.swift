internal import ArgumentParser

/// `tessera rules`: the rules by which records are compared, as files.
struct RulesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules",
        abstract: "Prints, checks, imports, exports and compares rule sets.",
        subcommands: [
            RulesPrintCommand.self, RulesCheckCommand.self, RulesImportCommand.self, RulesExportCommand.self,
            RulesCompareCommand.self,
        ]
    )
}
