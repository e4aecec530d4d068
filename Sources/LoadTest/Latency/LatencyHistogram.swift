/// Latencies counted in buckets whose width grows with the value: three significant digits at any scale, in 270 KB.
///
/// The layout is that of `LatencyBuckets`. Histograms add up: one a worker, one sum.
///
///     var histogram = LatencyHistogram()
///     histogram.record(.microseconds(480))
///     let p99 = histogram.value(atPermyriad: 9_900)
public struct LatencyHistogram: Sendable, Equatable {
    /// Longest latency told apart, about 73 minutes; longer ones count as this.
    public static let largest = LatencyBuckets.largest

    private var counts = [UInt64](repeating: 0, count: LatencyBuckets.count)
    /// How many latencies were recorded.
    public private(set) var count: UInt64 = 0
    private var sum: UInt64 = 0
    private var least: UInt64 = .max
    private var most: UInt64 = 0

    /// Starts an empty histogram.
    public init() {}

    /// Counts a latency; a negative one counts as none.
    public mutating func record(_ latency: Duration) {
        record(nanoseconds: LatencyBuckets.nanoseconds(latency))
    }

    /// Counts a latency in nanoseconds.
    public mutating func record(nanoseconds: UInt64) {
        let value = min(nanoseconds, LatencyBuckets.largest)
        counts[LatencyBuckets.bucket(of: value)] += 1
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

    /// The buckets that hold something, from the shortest latency on.
    public var buckets: [(bucket: Int, count: UInt64)] {
        counts.enumerated().filter { $0.element > 0 }.map { ($0.offset, $0.element) }
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
        let rank = LatencyHistogram.rank(of: permyriad, in: count)
        var seen: UInt64 = 0
        for (index, amount) in counts.enumerated() where amount > 0 {
            seen += amount
            if seen >= rank { return .nanoseconds(Int64(min(most, LatencyBuckets.upperBound(of: index)))) }
        }
        return maximum
    }

    /// The place, from 1, of the value that a share of all values do not exceed.
    static func rank(of permyriad: Int, in count: UInt64) -> UInt64 {
        let (high, low) = count.multipliedFullWidth(by: UInt64(permyriad))
        let (quotient, remainder) = UInt64(10_000).dividingFullWidth((high, low))
        return max(1, quotient + (remainder > 0 ? 1 : 0))
    }
}
