/// Why a file is no log of histograms.
public struct HistogramLogFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// The line, from 1.
    public var line: Int
    /// What is wrong with it.
    public var reason: String

    /// One line.
    public var description: String { "line \(line): \(reason)" }
}
