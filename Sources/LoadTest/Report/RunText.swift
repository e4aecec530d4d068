internal import Foundation

/// A run as tables for a terminal.
public enum RunText {
    /// The tables of all counted phases.
    public static func lines(_ run: RunRecord) -> [String] {
        var lines = ["\(run.scenario) at \(run.target)"]
        for phase in run.counted {
            if run.counted.count > 1 { lines.append("\(phase.name), \(phase.sizeAfter) records") }
            lines += Self.lines(phase)
        }
        return lines
    }

    private static func lines(_ phase: PhaseRecord) -> [String] {
        let asked = phase.requestedRate.map { "\(number($0))/s asked" } ?? "\(phase.concurrency ?? 0) at a time"
        var lines = [
            "  \(asked), \(number(phase.rate))/s answered over \(number(phase.seconds)) s",
            "  answered \(phase.answered), failed \(phase.failed), shed \(phase.shed), "
                + "at most \(phase.highestOutstanding) outstanding",
        ]
        if phase.records > phase.answered {
            lines.append("  \(phase.records) records, \(number(Double(phase.records) / phase.seconds))/s")
        }
        lines.append("  ms            min     mean      p50      p90      p99    p99.9      max")
        for kind in phase.kinds {
            lines.append(row(phase.kinds.count == 1 ? "latency" : kind.kind.rawValue, kind.latency))
        }
        if phase.requestedRate != nil { lines.append(row("sent late", phase.lateness)) }
        for failure in phase.failures { lines.append("  \(failure.count) x \(failure.message)") }
        if phase.shed > 0 { lines.append("  requests were shed: the true percentiles are worse than these") }
        return lines
    }

    private static func row(_ name: String, _ latency: LatencySummary) -> String {
        let values = [latency.min, latency.mean, latency.p50, latency.p90, latency.p99, latency.p999, latency.max]
        let cells = values.map { value in
            let text = number(value)
            return String(repeating: " ", count: Swift.max(1, 9 - text.count)) + text
        }
        let pad = String(repeating: " ", count: 10 - Swift.min(10, name.count))
        return "  " + name + pad + cells.joined().dropFirst(2)
    }

    /// Two decimals below a hundred, one below a thousand, none above.
    static func number(_ value: Double) -> String {
        if value == value.rounded(), value >= 100 { return String(Int(value)) }
        let digits = value < 100 ? 2 : value < 1_000 ? 1 : 0
        return String(format: "%.\(digits)f", value)
    }
}
