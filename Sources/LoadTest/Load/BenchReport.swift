import Foundation

/// What a load run is told to people and to programs.
public struct BenchReport: Codable, Sendable, Equatable {
    /// Latencies in milliseconds.
    public struct Latency: Codable, Sendable, Equatable {
        /// The shortest.
        public var min: Double
        /// The mean.
        public var mean: Double
        /// The median.
        public var p50: Double
        /// The 90th percentile.
        public var p90: Double
        /// The 99th percentile.
        public var p99: Double
        /// The 99.9th percentile.
        public var p999: Double
        /// The longest.
        public var max: Double

        init(_ histogram: LatencyHistogram) {
            min = BenchReport.milliseconds(histogram.minimum)
            mean = BenchReport.milliseconds(histogram.mean)
            p50 = BenchReport.milliseconds(histogram.value(atPermyriad: 5_000))
            p90 = BenchReport.milliseconds(histogram.value(atPermyriad: 9_000))
            p99 = BenchReport.milliseconds(histogram.value(atPermyriad: 9_900))
            p999 = BenchReport.milliseconds(histogram.value(atPermyriad: 9_990))
            max = BenchReport.milliseconds(histogram.maximum)
        }
    }

    /// A kind of failure and how often it came.
    public struct Failure: Codable, Sendable, Equatable {
        /// What went wrong.
        public var message: String
        /// How often.
        public var count: UInt64
    }

    /// What was done: `ingest`, `match`, `lookup` or `mixed`.
    public var scenario: String
    /// The address that was asked.
    public var target: String
    /// Requests a second that were asked for.
    public var requestedRate: Int
    /// Answered requests a second.
    public var rate: Double
    /// Seconds counted.
    public var seconds: Double
    /// Requests answered.
    public var answered: UInt64
    /// Requests that failed.
    public var failed: UInt64
    /// Requests due and not sent.
    public var shed: UInt64
    /// Most requests outstanding at once.
    public var highestOutstanding: Int
    /// From the intended start to the answer.
    public var latency: Latency
    /// From the intended to the real start: the generator's own delay.
    public var lateness: Latency
    /// The failures, as they first came.
    public var failures: [Failure]

    /// Describes a result.
    public init(scenario: String, target: String, result: LoadResult) {
        self.scenario = scenario
        self.target = target
        requestedRate = result.requestedRate
        rate = (result.rate * 10).rounded() / 10
        seconds = (BenchReport.milliseconds(result.elapsed)).rounded() / 1_000
        answered = result.answered
        failed = result.failed
        shed = result.shed
        highestOutstanding = result.highestOutstanding
        latency = Latency(result.latency)
        lateness = Latency(result.lateness)
        failures = result.failures.map { Failure(message: $0.message, count: $0.count) }
    }

    /// One JSON object on one line, keys sorted.
    ///
    /// - Throws: nothing in practice: every field is a finite number or a text.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// A table for a terminal.
    public var text: String {
        var lines = [
            "\(scenario) at \(target)",
            "  \(requestedRate)/s asked, \(BenchReport.number(rate))/s answered over \(BenchReport.number(seconds)) s",
            "  answered \(answered), failed \(failed), shed \(shed), at most \(highestOutstanding) outstanding",
            "  ms            min     mean      p50      p90      p99    p99.9      max",
            BenchReport.row("latency", latency),
            BenchReport.row("sent late", lateness),
        ]
        for failure in failures { lines.append("  \(failure.count) x \(failure.message)") }
        if shed > 0 { lines.append("  requests were shed: the true percentiles are worse than these") }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func row(_ name: String, _ latency: Latency) -> String {
        let values = [latency.min, latency.mean, latency.p50, latency.p90, latency.p99, latency.p999, latency.max]
        let cells = values.map { value in
            let text = number(value)
            return String(repeating: " ", count: Swift.max(1, 9 - text.count)) + text
        }
        let pad = String(repeating: " ", count: 10 - Swift.min(10, name.count))
        return "  " + name + pad + cells.joined().dropFirst(2)
    }

    /// Two decimals below a hundred, one below a thousand, none above.
    private static func number(_ value: Double) -> String {
        let digits = value < 100 ? 2 : value < 1_000 ? 1 : 0
        return String(format: "%.\(digits)f", value)
    }

    /// To the microsecond.
    private static func milliseconds(_ duration: Duration) -> Double {
        let (seconds, attoseconds) = duration.components
        let microseconds = Double(seconds) * 1e6 + (Double(attoseconds) / 1e12).rounded()
        return microseconds / 1_000
    }
}
