internal import ArgumentParser
internal import Foundation
internal import JSON
internal import Matching
internal import RuleSets

/// `tessera rules import`: rules of other systems as a rule file.
struct RulesImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Turns a Splink model or OpenCR decision rules into a rule file.",
        discussion: """
            The rules are kept as they were written and scored as they are scored there. What cannot be carried over \
            is refused by name; what deserves a look is told on standard error and at the top of the file.
            """
    )

    @Option(help: ArgumentHelp("A Splink model (JSON, versions 4 and 5).", valueName: "file"), completion: .file())
    var splink: String?

    @Option(help: ArgumentHelp("Decision rules of OpenCR (JSON).", valueName: "file"), completion: .file())
    var opencr: String?

    @Option(help: ArgumentHelp("Write the rule file here (default: standard output).", valueName: "file"))
    var output = "-"

    @Option(help: ArgumentHelp("What to call the rules (default: the file's name).", valueName: "name"))
    var name: String?

    @Option(
        name: .customLong("map"),
        help: ArgumentHelp(
            "What a column of the Splink model is, for example sname=family_name.",
            valueName: "column=field"
        )
    )
    var columns: [String] = []

    @Option(
        help: ArgumentHelp("How often values occur: a CSV with the columns column, value, share.", valueName: "file"),
        completion: .file()
    )
    var frequencies: String?

    @Option(
        help: ArgumentHelp(
            "Bits that a match needs, Splink only (default: 4.3, a probability of 0.95).",
            valueName: "bits"
        )
    )
    var match = 4.3

    @Option(help: ArgumentHelp("Bits from which on a steward is asked, Splink only.", valueName: "bits"))
    var review = 0.0

    func validate() throws {
        guard (splink == nil) != (opencr == nil) else { throw ValidationError("give one of --splink and --opencr") }
        guard review <= match else { throw ValidationError("--review must not exceed --match") }
        guard splink != nil || (columns.isEmpty && frequencies == nil) else {
            throw ValidationError("--map and --frequencies go with --splink")
        }
    }

    func run() throws {
        do {
            var file = try OutputFile(path: output)
            try file.write(try text())
            try file.finish()
        } catch let faults as RuleSetFaults {
            for fault in faults.faults { Terminal.note("\(splink ?? opencr ?? ""): \(fault)") }
            throw ExitCode.failure
        }
    }

    private func text() throws -> String {
        if let splink {
            let model = try SplinkModel(json: try Self.json(splink), sources: try sources())
            var columns = model.columns
            if let frequencies { columns.frequencies = try Self.shares(frequencies) }
            var notes = model.notes
            let adjusted = columns.comparisons.contains { $0.levels.contains { $0.frequencyOf != nil } }
            if adjusted, columns.frequencies == nil {
                notes.append(
                    "the model weighs rare values more, but its file does not say how rare: --frequencies does"
                )
            }
            return try written(columns, model.blocking, notes, from: splink, thresholds: (match, review))
        }
        let path = opencr ?? ""
        let rules = try OpenCRRules(json: try Self.json(path))
        // Points decide; the two numbers only keep automatic and potential matches apart.
        return try written(rules.columns, rules.blocking, rules.notes, from: path, thresholds: (10, 5))
    }

    private func written(
        _ columns: ColumnModel,
        _ blocking: [BlockingRule],
        _ notes: [String],
        from path: String,
        thresholds: (match: Double, review: Double)
    ) throws -> String {
        for note in notes { Terminal.note("\(path): note: \(note)") }
        let title = path.split(separator: "/").last.map(String.init) ?? path
        return try ColumnRuleFile.text(
            columns,
            name: name ?? title,
            origin: title,
            thresholds: thresholds,
            blocking: blocking,
            notes: notes
        )
    }

    private func sources() throws -> [String: ColumnSource] {
        var sources: [String: ColumnSource] = [:]
        for text in columns {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, let kind = ColumnSource.Kind(rawValue: parts[1]) else {
                let known = ColumnSource.Kind.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("--map \(text): expected column=field with one of \(known)")
            }
            sources[parts[0]] = ColumnSource(kind)
        }
        return sources
    }

    private static func json(_ path: String) throws -> JSONValue {
        do {
            return try JSONValue(parsing: try RuleFile.text(path))
        } catch let error as JSONError {
            throw CommandFailure("\(path) is no JSON: \(error)")
        }
    }

    private static func shares(_ path: String) throws -> [String: [String: Double]] {
        var shares: [String: [String: Double]] = [:]
        for (number, line) in try RuleFile.text(path).split(whereSeparator: \.isNewline).enumerated() where number > 0 {
            let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            guard cells.count == 3, let share = Double(cells[2]), share > 0, share <= 1 else {
                throw CommandFailure("\(path), line \(number + 1): expected column,value,share with a share in 0...1")
            }
            shares[cells[0], default: [:]][cells[1]] = share
        }
        return shares
    }
}
