internal import ArgumentParser
internal import Foundation
internal import LoadTest

/// Where the results of a load test go.
struct BenchOutput: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A folder for report.html, latency.hlog (HdrHistogram) and result.json, which `bench compare` reads.",
            valueName: "folder"
        )
    )
    var output: String?

    @Option(help: ArgumentHelp("Write the distribution of the latencies to this CSV.", valueName: "file"))
    var histogram: String?

    @Flag(help: "Answers one JSON value: result.json.")
    var json = false

    /// Writes what was measured, and says how it went.
    ///
    /// - Throws: where a file cannot be written, or not every request was answered.
    func write(_ run: RunRecord, _ phases: [PhaseResult]) throws {
        let result = try run.json()
        if let output {
            try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
            try Self.put(result, "\(output)/result.json")
            try Self.put(Array(RunPage.html(run).utf8), "\(output)/report.html")
            try Self.put(Array(HistogramLog.text(phases, began: run.began).utf8), "\(output)/latency.hlog")
        }
        if let histogram {
            var sum = LatencyHistogram()
            for phase in phases where phase.phase.isCounted { sum.merge(phase.latency) }
            try LatencyFile.write(sum, to: histogram)
        }
        Report.text(json ? [String(decoding: result, as: UTF8.self)] : RunText.lines(run))
        guard run.counted.allSatisfy({ $0.failed == 0 && $0.shed == 0 }) else {
            throw CommandFailure("not every request was answered; see above")
        }
    }

    static func put(_ bytes: [UInt8], _ path: String) throws {
        var file = try OutputFile(path: path)
        try file.write(bytes)
        try file.finish()
    }
}
