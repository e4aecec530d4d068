/// Few latencies in the buckets of `LatencyHistogram`: takes memory for those that came, not for all that might.
public struct SparseHistogram: Sendable, Equatable {
    private var counts: [Int32: UInt64] = [:]
    /// How many latencies were recorded.
    public private(set) var count: UInt64 = 0
    private var most: UInt64 = 0

    /// Starts an empty histogram.
    public init() {}

    /// Rebuilds one from its buckets; those outside of the layout are left out.
    public init(_ buckets: some Sequence<(bucket: Int, count: UInt64)>) {
        for (bucket, amount) in buckets where (0..<LatencyBuckets.count).contains(bucket) && amount > 0 {
            counts[Int32(bucket), default: 0] &+= amount
            count &+= amount
            most = max(most, LatencyBuckets.upperBound(of: bucket))
        }
    }

    /// Counts a latency; a negative one counts as none.
    public mutating func record(_ latency: Duration) {
        let value = min(LatencyBuckets.nanoseconds(latency), LatencyBuckets.largest)
        counts[Int32(LatencyBuckets.bucket(of: value)), default: 0] += 1
        count += 1
        most = max(most, value)
    }

    /// The buckets that hold something, from the shortest latency on.
    public var buckets: [(bucket: Int, count: UInt64)] {
        counts.sorted { $0.key < $1.key }.map { (Int($0.key), $0.value) }
    }

    /// The longest latency; where it was read from a file, the upper bound of its bucket.
    public var maximum: Duration { .nanoseconds(Int64(most)) }

    /// The latencies that so many ten-thousandths of all do not exceed; zeros where nothing was recorded.
    ///
    /// - Parameter shares: 0 ... 10,000 each, in rising order.
    /// - Returns: a latency for each share.
    public func values(atPermyriads shares: [Int]) -> [Duration] {
        var result: [Duration] = []
        var seen: UInt64 = 0
        for (bucket, amount) in buckets {
            seen += amount
            while result.count < shares.count, seen >= LatencyHistogram.rank(of: shares[result.count], in: count) {
                result.append(.nanoseconds(Int64(min(most, LatencyBuckets.upperBound(of: bucket)))))
            }
        }
        while result.count < shares.count { result.append(maximum) }
        return result
    }
}
