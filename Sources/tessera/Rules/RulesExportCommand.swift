internal import ArgumentParser
internal import JSON
internal import Matching
internal import RuleSets

/// `tessera rules export`: rules for other systems.
struct RulesExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Turns a rule file into a Splink model (JSON).",
        discussion: """
            Rules that were imported from Splink come back with the same weights. Tessera's own rules are given as \
            nearly as SQL can state them, against the alternative that they name first: their levels look at more \
            than SQL does, so scores are alike and not equal.
            """
    )

    @Flag(help: "As a Splink model.")
    var splink = false

    @Argument(help: ArgumentHelp("The rule file (default: the default rules).", valueName: "file"), completion: .file())
    var path: String?

    @Option(help: ArgumentHelp("Write the model here (default: standard output).", valueName: "file"))
    var output = "-"

    func validate() throws {
        guard splink else { throw ValidationError("say the form: --splink") }
    }

    func run() throws {
        let rules = try RuleFile.rules(path)
        if let rules = rules.columns, rules.decisions?.isEmpty == false {
            throw CommandFailure("point rules (OpenCR) have no form in Splink")
        }
        let model = SplinkModel(rules) ?? SplinkModel(approximating: rules)
        for note in model.notes { Terminal.note("note: \(note)") }
        var file = try OutputFile(path: output)
        try file.write(model.json.serialised(pretty: true))
        try file.write("\n")
        try file.finish()
    }
}
