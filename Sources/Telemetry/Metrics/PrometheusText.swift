/// Writes Prometheus' text format, version 0.0.4.
struct PrometheusText {
    private(set) var text = ""

    /// Writes what a metric means and how it behaves.
    mutating func begin(_ metric: MetricName) {
        text += "# HELP \(metric.name) \(Self.escaped(metric.help, quotes: false))\n"
        switch metric.kind {
        case .counter: text += "# TYPE \(metric.name) counter\n"
        case .gauge: text += "# TYPE \(metric.name) gauge\n"
        case .histogram: text += "# TYPE \(metric.name) histogram\n"
        }
    }

    /// Writes one number.
    mutating func sample(_ metric: MetricName, _ values: [String], _ number: String) {
        write(metric.name, zip(metric.labels, values).map { ($0, $1) }, number)
    }

    /// Writes the buckets of a histogram, its sum and its count.
    mutating func samples(_ metric: MetricName, _ values: [String], _ reading: Histogram.Reading) {
        let labels = zip(metric.labels, values).map { ($0, $1) }
        var total: UInt64 = 0
        for (index, count) in reading.counts.enumerated() {
            total += count
            let bound = index < reading.bounds.count ? Self.number(reading.bounds[index]) : "+Inf"
            write(metric.name + "_bucket", labels + [("le", bound)], String(total))
        }
        write(metric.name + "_sum", labels, Self.number(reading.sum))
        write(metric.name + "_count", labels, String(total))
    }

    private mutating func write(_ name: String, _ labels: [(String, String)], _ number: String) {
        text += name
        if !labels.isEmpty {
            text += "{" + labels.map { "\($0)=\"\(Self.escaped($1, quotes: true))\"" }.joined(separator: ",") + "}"
        }
        text += " \(number)\n"
    }

    private static func number(_ value: Double) -> String {
        guard value == value.rounded(), abs(value) < 1e15 else { return "\(value)" }
        return String(Int(value))
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        guard text.utf8.contains(where: { $0 == 0x5C || $0 == 0x0A || $0 == 0x22 }) else { return text }
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
