/// Why a text is no histogram.
public enum HistogramFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// It is damaged, and how.
    case damaged(String)
    /// It may be a histogram, but of another version or layout.
    case foreign

    /// One line.
    public var description: String {
        switch self {
        case .damaged(let reason): "the histogram is damaged: \(reason)"
        case .foreign: "not a compressed HdrHistogram of version 2 with three significant digits and unit 1"
        }
    }
}
