internal import LoadTest

/// The distribution of latencies as a CSV: which share of the requests was answered within which time.
enum LatencyFile {
    /// Shares in ten-thousandths: every percent, then closer and closer to all.
    private static let shares =
        Array(stride(from: 0, through: 9_900, by: 100)) + Array(stride(from: 9_910, through: 9_990, by: 10))
        + Array(9_991...10_000)

    /// Writes the file.
    static func write(_ histogram: LatencyHistogram, to path: String) throws {
        var file = try OutputFile(path: path)
        try file.write("percentile,milliseconds\n")
        for share in shares {
            let percentile = Quantity.decimal(Double(share) / 100, 2)
            let milliseconds = histogram.value(atPermyriad: share) / .milliseconds(1)
            try file.write("\(percentile),\(Quantity.decimal(milliseconds, 3))\n")
        }
        try file.finish()
    }
}
