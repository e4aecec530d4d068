internal import Foundation

/// A log of HdrHistogram, version 1.3: for every interval and kind of request a line with its latencies.
///
/// The unit of the histograms is the nanosecond, that of the column of longest latencies the millisecond. An interval
/// holds the requests that were *due* in it, whenever they were answered; the tag is the kind of request.
///
///     Tag=match,12.000,1.000,3.271,HISTFAAAA...
public enum HistogramLog {
    /// One line.
    public struct Line: Sendable, Equatable {
        /// The kind of request.
        public var tag: String
        /// When the interval began, in seconds from the beginning of the run.
        public var start: Double
        /// How long it was.
        public var seconds: Double
        /// The latencies.
        public var latency: SparseHistogram
    }

    /// The log of a run.
    ///
    /// - Parameters:
    ///   - phases: what was measured.
    ///   - began: when the run began, in seconds since 1970.
    /// - Returns: the whole text.
    public static func text(_ phases: [PhaseResult], began: Double) -> String {
        var lines = [
            "#[Histogram log format version 1.3]",
            "#[Latencies in nanoseconds from the moment each request was due; intervals of due moments]",
            "#[BaseTime: \(decimal(began)) (seconds since epoch)]",
            "#[StartTime: \(decimal(began)) (seconds since epoch)]",
            "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"",
        ]
        for phase in phases where phase.phase.isCounted {
            let numbers = Set(phase.kinds.flatMap { $0.result.intervals.keys }).sorted()
            for number in numbers {
                let start = (phase.start + phase.interval * number) / .seconds(1)
                for (kind, result) in phase.kinds {
                    guard let interval = result.intervals[number], interval.latency.count > 0 else { continue }
                    let longest = interval.latency.maximum / .milliseconds(1)
                    let histogram = HistogramCoding.text(interval.latency.buckets)
                    lines.append(
                        "Tag=\(kind.rawValue),\(decimal(start)),\(decimal(phase.interval / .seconds(1))),"
                            + "\(decimal(longest)),\(histogram)"
                    )
                }
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Reads a log; comments and the head are passed over.
    ///
    /// - Throws: the number of the line and what is wrong with it.
    public static func read(_ text: String) throws(HistogramLogFault) -> [Line] {
        var lines: [Line] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.isEmpty || line.hasPrefix("#") || line.hasPrefix("\"") { continue }
            var cells = line.split(separator: ",", omittingEmptySubsequences: false)
            var tag = ""
            if let first = cells.first, first.hasPrefix("Tag=") {
                tag = String(first.dropFirst(4))
                cells.removeFirst()
            }
            guard cells.count == 4, let start = Double(cells[0]), let seconds = Double(cells[1]) else {
                throw HistogramLogFault(line: index + 1, reason: "not an interval with four fields")
            }
            do throws(HistogramFault) {
                let latency = SparseHistogram(try HistogramCoding.read(cells[3]))
                lines.append(Line(tag: tag, start: start, seconds: seconds, latency: latency))
            } catch {
                throw HistogramLogFault(line: index + 1, reason: error.description)
            }
        }
        return lines
    }

    private static func decimal(_ value: Double) -> String { String(format: "%.3f", value) }
}
