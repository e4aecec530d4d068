internal import ArgumentParser

/// `tessera rules`: the rules by which records are compared, as files and as versions that a registry keeps.
struct RulesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules",
        abstract: "Prints, checks, imports, exports and compares rule sets; puts them to use in a registry.",
        subcommands: [
            RulesPrintCommand.self, RulesCheckCommand.self, RulesImportCommand.self, RulesExportCommand.self,
            RulesCompareCommand.self,
        ],
        groupedSubcommands: [
            CommandGroup(
                name: "Registry",
                subcommands: [
                    RulesListCommand.self, RulesShowCommand.self, RulesDiffCommand.self, RulesPutCommand.self,
                    RulesActivateCommand.self, RulesRollbackCommand.self, RulesStatusCommand.self,
                    RulesPauseCommand.self, RulesResumeCommand.self, RulesShadowCommand.self, RulesReplayCommand.self,
                    RulesRefreshCommand.self,
                ]
            )
        ]
    )
}
