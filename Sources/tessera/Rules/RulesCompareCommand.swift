internal import ArgumentParser
internal import BatchLinkage
internal import Identifiers
internal import JSON

/// `tessera rules compare`: what other rules would change, before anybody lives by them.
struct RulesCompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Links the same files by two sets of rules and tells what the second would change.",
        discussion: """
            Nothing is stored. To replay a registry, export its records first: tessera export --patients all.ndjson.
            """
    )

    @Argument(help: ArgumentHelp("Files of patients, CSV or NDJSON.", valueName: "file"), completion: .file())
    var files: [String]

    @Option(
        help: ArgumentHelp("The rules in force (default: the default rules).", valueName: "file"),
        completion: .file()
    )
    var active: String?

    @Option(help: ArgumentHelp("The rules that may follow them.", valueName: "file"), completion: .file())
    var candidate: String

    @Option(help: ArgumentHelp("How many merges and splits to show.", valueName: "count"))
    var samples = 5

    @Flag(help: "Answers one JSON value.")
    var json = false

    func validate() throws {
        guard !files.isEmpty else { throw ValidationError("name at least one file of patients") }
        guard samples >= 0 else { throw ValidationError("--samples must not be negative") }
    }

    func run() async throws {
        let before = try await linked(active)
        let after = try await linked(candidate)
        let difference = PartitionDifference(active: before.result, candidate: after.result)
        if json {
            Report.json(document(difference, before, after))
        } else {
            Report.text(lines(difference, before, after))
        }
    }

    private struct Linked {
        var result: LinkResult
        var seconds: Double
    }

    private func linked(_ path: String?) async throws -> Linked {
        let rules = try RuleFile.rules(path)
        let clock = ContinuousClock()
        let start = clock.now
        let result = try await EvaluatedLink(files: files, rules: rules).result()
        let spent = (clock.now - start).components
        return Linked(result: result, seconds: Double(spent.seconds) + Double(spent.attoseconds) / 1e18)
    }

    private func lines(_ difference: PartitionDifference, _ before: Linked, _ after: Linked) -> [String] {
        var table = TextTable([("", .left), ("in force", .right), ("candidate", .right)])
        let reports = [before.result.report, after.result.report]
        table.add(["rules"] + reports.map(\.rules))
        table.add(["persons"] + [difference.activePersons, difference.candidatePersons].map { Quantity.count($0) })
        table.add(["matches"] + reports.map { Quantity.count($0.matches) })
        table.add(["for review"] + reports.map { Quantity.count($0.reviews) })
        table.add(["pairs compared"] + reports.map { Quantity.count($0.scored) })
        table.add(["time"] + [before, after].map { Quantity.time(seconds: $0.seconds) })
        var lines = table.lines
        lines.append("")
        let merges = Quantity.count(difference.merges.count)
        let splits = Quantity.count(difference.splits.count)
        lines.append("would merge into \(merges) persons: \(Quantity.count(difference.joinedPairs)) pairs more")
        lines += difference.merges.prefix(samples).map { "  " + Self.words($0, " + ") }
        lines.append("would split \(splits) persons: \(Quantity.count(difference.partedPairs)) pairs less")
        lines += difference.splits.prefix(samples).map { "  " + Self.words($0, " / ") }
        return lines
    }

    private static func words(_ change: PartitionDifference.Change, _ separator: String) -> String {
        change.groups.map { $0.map(name).joined(separator: " ") }.joined(separator: separator)
    }

    private static func name(_ key: RecordKey) -> String { "\(key.source)|\(key.value)" }

    private func document(_ difference: PartitionDifference, _ before: Linked, _ after: Linked) -> JSONValue {
        func number(_ value: Int) -> JSONValue { .number(JSONNumber(value)) }
        func changes(_ changes: [PartitionDifference.Change]) -> JSONValue {
            .array(
                changes.prefix(samples).map { change in
                    .array(change.groups.map { group in .array(group.map { .string(Self.name($0)) }) })
                }
            )
        }
        func side(_ linked: Linked, _ persons: Int) -> JSONValue {
            let report = linked.result.report
            return [
                "rules": .string(report.rules), "persons": number(persons), "matches": number(report.matches),
                "reviews": number(report.reviews), "scored": number(report.scored),
                "seconds": .number(JSONNumber((linked.seconds * 1_000).rounded() / 1_000)),
            ]
        }
        return [
            "records": number(difference.records), "active": side(before, difference.activePersons),
            "candidate": side(after, difference.candidatePersons), "joinedPairs": number(difference.joinedPairs),
            "partedPairs": number(difference.partedPairs), "mergedPersons": number(difference.merges.count),
            "splitPersons": number(difference.splits.count), "merges": changes(difference.merges),
            "splits": changes(difference.splits),
        ]
    }
}
