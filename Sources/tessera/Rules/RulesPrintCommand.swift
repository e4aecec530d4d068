internal import ArgumentParser
internal import RuleSets

/// `tessera rules print`: the default rule file, comments included, to start from.
struct RulesPrintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "print",
        abstract: "Prints the default rules, a start for rules of one's own."
    )

    func run() throws {
        var text = RuleSetFile.standardText
        if text.hasSuffix("\n") { text.removeLast() }
        Report.text([text])
    }
}
