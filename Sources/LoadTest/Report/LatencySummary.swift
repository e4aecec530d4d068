/// Latencies in milliseconds, to the microsecond.
public struct LatencySummary: Codable, Sendable, Equatable {
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

    /// Reads them off a histogram.
    public init(_ histogram: LatencyHistogram) {
        min = Self.milliseconds(histogram.minimum)
        mean = Self.milliseconds(histogram.mean)
        p50 = Self.milliseconds(histogram.value(atPermyriad: 5_000))
        p90 = Self.milliseconds(histogram.value(atPermyriad: 9_000))
        p99 = Self.milliseconds(histogram.value(atPermyriad: 9_900))
        p999 = Self.milliseconds(histogram.value(atPermyriad: 9_990))
        max = Self.milliseconds(histogram.maximum)
    }

    /// A duration to the microsecond.
    static func milliseconds(_ duration: Duration) -> Double {
        let (seconds, attoseconds) = duration.components
        let microseconds = Double(seconds) * 1e6 + (Double(attoseconds) / 1e12).rounded()
        return microseconds / 1_000
    }
}
