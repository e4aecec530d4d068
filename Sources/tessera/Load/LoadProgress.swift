/// How fast a load goes and how long it will take, from what was counted now and then.
struct LoadProgress: Sendable {
    private struct Sample {
        let seconds: Double
        let counts: LoadTally.Counts
    }

    /// The rate is that of the last so many seconds: long enough to be steady, short enough to show a change.
    static let span = 15.0

    /// Bytes of all files; `nil` where that is not known.
    private let totalBytes: Int?
    private var samples: [Sample] = []

    /// A progress that has seen nothing yet.
    init(totalBytes: Int?) { self.totalBytes = totalBytes }

    /// Adds what was counted after some seconds.
    mutating func add(_ counts: LoadTally.Counts, seconds: Double) {
        samples.append(Sample(seconds: seconds, counts: counts))
        while samples.count > 2, samples[1].seconds <= seconds - Self.span { samples.removeFirst() }
    }

    /// Acknowledged records a second, over the last seconds.
    var rate: Double {
        guard let (first, last, seconds) = span else { return 0 }
        return Double(last.acknowledged - first.acknowledged) / seconds
    }

    /// Seconds until all bytes are read, at the rate of the last seconds; `nil` where nobody can tell.
    var secondsLeft: Double? {
        guard let totalBytes, let (first, last, seconds) = span, last.bytesRead > first.bytesRead else { return nil }
        return Double(max(0, totalBytes - last.bytesRead)) * seconds / Double(last.bytesRead - first.bytesRead)
    }

    private var span: (LoadTally.Counts, LoadTally.Counts, Double)? {
        guard let first = samples.first, let last = samples.last, last.seconds > first.seconds else { return nil }
        return (first.counts, last.counts, last.seconds - first.seconds)
    }

    /// One line for people.
    var line: String {
        guard let counts = samples.last?.counts else { return "" }
        var parts = ["\(Quantity.count(counts.acknowledged)) records", "\(Quantity.count(Int(rate.rounded())))/s"]
        if let totalBytes, totalBytes > 0 {
            parts.append("\(min(100, counts.bytesRead * 100 / totalBytes)) %")
        }
        if let left = secondsLeft { parts.append("\(Quantity.time(seconds: left)) left") }
        if counts.rejected > 0 { parts.append("\(Quantity.count(counts.rejected)) rejected") }
        if counts.retried > 0 { parts.append("\(Quantity.count(counts.retried)) sent again") }
        return parts.joined(separator: ", ")
    }
}
