internal import ArgumentParser
internal import Foundation
internal import LoadTest

/// `tessera bench compare`: two runs of one scenario.
struct BenchCompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Tells what two runs of a scenario differ in.",
        discussion: """
            "clear" stands where the intervals of both runs say so too: the median of either lies outside of the \
            middle half of the other.
            """
    )

    @Argument(help: ArgumentHelp("The folder of the first run, or its result.json.", valueName: "first"))
    var first: String

    @Argument(help: ArgumentHelp("That of the second.", valueName: "second"))
    var second: String

    @Option(help: ArgumentHelp("Write a page with both.", valueName: "file"))
    var html: String?

    @Option(
        help: ArgumentHelp(
            "End with 1 where a figure is worse by more than so many percent, and not by chance.",
            valueName: "percent"
        )
    )
    var allow: Double?

    @Flag(help: "Answers one JSON value.")
    var json = false

    func run() throws {
        let (before, after) = (try Self.read(first), try Self.read(second))
        let comparison = RunComparison(before, after)
        guard !comparison.rows.isEmpty else {
            throw CommandFailure("the runs have no phase of the same name: \(before.scenario), \(after.scenario)")
        }
        if let html { try BenchOutput.put(Array(comparison.html(before, after).utf8), html) }
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            Report.text([String(decoding: try encoder.encode(comparison.rows), as: UTF8.self)])
        } else {
            Report.text(Self.table(comparison))
        }
        guard let allow else { return }
        let worse = comparison.worse(than: allow)
        guard worse.isEmpty else {
            let names = worse.map { "\($0.place) \($0.figure)" }.joined(separator: ", ")
            throw CommandFailure("worse by more than \(allow) %: \(names)")
        }
    }

    private static func table(_ comparison: RunComparison) -> [String] {
        var table = TextTable([
            ("phase", .left), ("figure", .left), ("first", .right), ("second", .right), ("change", .right),
            ("intervals", .left),
        ])
        for row in comparison.rows {
            table.add([
                row.place, row.figure, Quantity.decimal(row.first, 2), Quantity.decimal(row.second, 2),
                RunComparison.change(row), row.isClear.map { $0 ? "clear" : "within chance" } ?? "",
            ])
        }
        return table.lines + comparison.unmatched.map { "only in one run: \($0)" }
    }

    private static func read(_ path: String) throws -> RunRecord {
        var isFolder: ObjCBool = false
        let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        let file = isFolder.boolValue ? "\(path)/result.json" : path
        guard isThere, let data = FileManager.default.contents(atPath: file) else {
            throw CommandFailure("cannot read \(file): the folder of a run is needed (bench ... --output)")
        }
        do throws(RunRecordFault) {
            return try RunRecord(json: Array(data))
        } catch {
            throw CommandFailure("\(file): \(error)")
        }
    }
}
