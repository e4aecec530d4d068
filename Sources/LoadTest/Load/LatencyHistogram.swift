/// Latencies counted in buckets whose width grows with the value: three significant digits at any scale, in 270 KB.
///
/// The layout is that of HdrHistogram (Tene 2012): values below 2,048 ns are exact, each further doubling is divided
/// into 1,024 equal buckets, so a value is known to better than 1 part in 1,024. Histograms add up: one a worker, one
/// sum.
///
///     var histogram = LatencyHistogram()
///     histogram.record(.microseconds(480))
///     let p99 = histogram.value(atPermyriad: 9_900)
public struct LatencyHistogram: Sendable, Equatable {
    /// Longest latency told apart, about 73 minutes; longer ones count as this.
    public static let largest: UInt64 = (1 << 42) - 1
    private static let subBits: UInt64 = 11
    private static let half = 1 << (subBits - 1)

    private var counts: [UInt64]
    /// How many latencies were recorded.
    public private(set) var count: UInt64 = 0
    private var sum: UInt64 = 0
    private var least: UInt64 = .max
    private var most: UInt64 = 0

    /// Starts an empty histogram.
    public init() {
        counts = [UInt64](repeating: 0, count: LatencyHistogram.bucket(of: LatencyHistogram.largest) + 1)
    }

    /// Counts a latency; a negative one counts as none.
    public mutating func record(_ latency: Duration) {
        record(nanoseconds: LatencyHistogram.nanoseconds(latency))
    }

    /// Counts a latency in nanoseconds.
    public mutating func record(nanoseconds: UInt64) {
        let value = min(nanoseconds, LatencyHistogram.largest)
        counts[LatencyHistogram.bucket(of: value)] += 1
        count += 1
        sum += value
        least = min(least, value)
        most = max(most, value)
    }

    /// Adds what another histogram counted.
    public mutating func merge(_ other: LatencyHistogram) {
        for index in counts.indices { counts[index] += other.counts[index] }
        count += other.count
        sum += other.sum
        least = min(least, other.least)
        most = max(most, other.most)
    }

    /// The shortest latency; zero where nothing was recorded.
    public var minimum: Duration { .nanoseconds(Int64(count == 0 ? 0 : least)) }
    /// The longest latency, exactly.
    public var maximum: Duration { .nanoseconds(Int64(most)) }
    /// The mean; zero where nothing was recorded.
    public var mean: Duration { .nanoseconds(Int64(count == 0 ? 0 : sum / count)) }

    /// The latency that so many ten-thousandths of all do not exceed: 5,000 the median, 9,999 the 99.99th percentile.
    ///
    /// - Parameter permyriad: 0 ... 10,000.
    /// - Returns: the upper bound of the bucket, at most the maximum; zero where nothing was recorded.
    public func value(atPermyriad permyriad: Int) -> Duration {
        precondition((0...10_000).contains(permyriad), "a share of ten thousand lies in 0 ... 10,000")
        guard count > 0 else { return .zero }
        let (high, low) = count.multipliedFullWidth(by: UInt64(permyriad))
        let (quotient, remainder) = UInt64(10_000).dividingFullWidth((high, low))
        let rank = max(1, quotient + (remainder > 0 ? 1 : 0))
        var seen: UInt64 = 0
        for (index, amount) in counts.enumerated() where amount > 0 {
            seen += amount
            if seen >= rank { return .nanoseconds(Int64(min(most, LatencyHistogram.upperBound(of: index)))) }
        }
        return maximum
    }

    /// The bucket of a value: the leading 11 bits and how often they were halved.
    private static func bucket(of value: UInt64) -> Int {
        let length = UInt64(UInt64.bitWidth - value.leadingZeroBitCount)
        guard length > subBits else { return Int(value) }
        let shift = length - subBits
        return Int(shift) * half + Int(value >> shift)
    }

    private static func upperBound(of bucket: Int) -> UInt64 {
        guard bucket >= 2 * half else { return UInt64(bucket) }
        let shift = UInt64(bucket / half - 1)
        let leading = UInt64(bucket) - shift * UInt64(half)
        return (leading + 1) << shift - 1
    }

    private static func nanoseconds(_ duration: Duration) -> UInt64 {
        let (seconds, attoseconds) = duration.components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        let (whole, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max : whole &+ UInt64(attoseconds) / 1_000_000_000
    }
}
