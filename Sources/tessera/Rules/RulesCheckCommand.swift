internal import ArgumentParser
internal import JSON
internal import Matching
internal import RuleSets

/// `tessera rules check FILE`: everything that is wrong in a rule file, or its version.
struct RulesCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Checks a rule file and says everything that is wrong in it.",
        discussion: "Ends with status 1 where the file cannot be used."
    )

    @Argument(help: ArgumentHelp("The rule file, YAML.", valueName: "file"), completion: .file(extensions: ["yaml"]))
    var path: String

    @Flag(help: "Answers one JSON value.")
    var json = false

    func run() throws {
        let text = try RuleFile.text(path)
        let faults: [RuleSetFault]
        do {
            let rules = try RuleSetFile(yaml: text).compiled()
            if json {
                Report.json(["valid": true, "name": .string(rules.name), "version": .string("\(rules.version)")])
            } else {
                Report.text(["\(path): rules '\(rules.name)', version \(rules.version)"])
            }
            return
        } catch let error as RuleSetFaults {
            faults = error.faults
        } catch {
            faults = [RuleSetFault(path: "", message: "\(error)")]
        }
        if json {
            let list = faults.map { JSONValue.object(["path": .string($0.path), "message": .string($0.message)]) }
            Report.json(["valid": false, "faults": .array(list)])
        } else {
            for fault in faults { Terminal.note("\(path): \(fault)") }
        }
        throw ExitCode.failure
    }
}
