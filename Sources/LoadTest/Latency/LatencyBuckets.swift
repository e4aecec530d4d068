/// The buckets of HdrHistogram (Tene 2012) for values from 1 ns with three significant digits.
///
/// Values below 2,048 ns are exact; each further doubling is divided into 1,024 equal buckets, so a value is known to
/// better than 1 part in 1,024. The numbers of the buckets are those of the format's own counts array.
public enum LatencyBuckets {
    /// Longest latency told apart, about 73 minutes; longer ones count as this.
    public static let largest: UInt64 = (1 << 42) - 1
    private static let subBits: UInt64 = 11
    private static let half = 1 << (subBits - 1)

    /// How many buckets there are.
    public static let count = bucket(of: largest) + 1

    /// The bucket of a value: the leading 11 bits and how often they were halved.
    static func bucket(of value: UInt64) -> Int {
        let value = min(value, largest)
        let length = UInt64(UInt64.bitWidth - value.leadingZeroBitCount)
        guard length > subBits else { return Int(value) }
        let shift = length - subBits
        return Int(shift) * half + Int(value >> shift)
    }

    /// The largest value that counts in a bucket.
    static func upperBound(of bucket: Int) -> UInt64 {
        guard bucket >= 2 * half else { return UInt64(bucket) }
        let shift = UInt64(bucket / half - 1)
        let leading = UInt64(bucket) - shift * UInt64(half)
        return (leading + 1) << shift - 1
    }

    /// A duration in nanoseconds; a negative one is none.
    static func nanoseconds(_ duration: Duration) -> UInt64 {
        let (seconds, attoseconds) = duration.components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        let (whole, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max : whole &+ UInt64(attoseconds) / 1_000_000_000
    }
}
