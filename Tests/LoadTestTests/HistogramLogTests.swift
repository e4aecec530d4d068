import LoadTest
import Testing

/// Histograms as other tools write and read them.
@Suite("HdrHistogram logs")
struct HistogramLogTests {
    @Test("What is written reads back, bucket by bucket", arguments: UInt64(0)..<30)
    func roundTrip(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var histogram = LatencyHistogram()
        for _ in 0..<random.below(3_000) {
            histogram.record(nanoseconds: random.next() >> UInt64(20 + random.below(44)))
        }
        let read = try HistogramCoding.read(HistogramCoding.text(histogram.buckets))
        #expect(read.map(\.bucket) == histogram.buckets.map(\.bucket))
        #expect(read.map(\.count) == histogram.buckets.map(\.count))
    }

    /// Written by HdrHistogram's own library.
    ///
    /// The values are 1,000, 2,000 and so on to 20,000, and 123,456,789; unit 1, three digits, highest value 2^42 - 1.
    static let foreign =
        "HISTFAAAAER4nJNpmSzMwMBgywABzFCaEcj8DwL2HyAC5/mZzvIzTeVgesrOtJCF6SMzFC1nYvrOiAWtZGSqZqoE4vcnGZkAgu4Z5g=="

    @Test("What HdrHistogram itself wrote is read")
    func foreign() throws {
        let histogram = SparseHistogram(try HistogramCoding.read(Self.foreign))
        #expect(histogram.count == 21)
        let values = histogram.values(atPermyriads: [0, 5_000, 10_000])
        #expect(values[0] == .nanoseconds(1_000))
        #expect((Duration.nanoseconds(11_000) ... .nanoseconds(11_011)).contains(values[1]))
        #expect((Duration.nanoseconds(123_456_789) ... .nanoseconds(123_580_000)).contains(values[2]))
    }

    @Test("Damage is refused, never trusted", arguments: UInt64(0)..<200)
    func damage(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var text = Array(Self.foreign.utf8)
        for _ in 0..<(1 + random.below(3)) { text[random.below(text.count)] = UInt8(0x2B + random.below(80)) }
        text.removeLast(random.below(4) * random.below(20))
        let result = Result { try HistogramCoding.read(String(decoding: text, as: UTF8.self)) }
        if case .success(let buckets) = result {
            // What zlib's checksum let through is at least within the layout.
            #expect(buckets.allSatisfy { (0..<LatencyBuckets.count).contains($0.bucket) })
        }
    }

    @Test("Another layout and a text that is none are told apart")
    func refused() {
        #expect(throws: HistogramFault.self) { try HistogramCoding.read("?") }
        #expect(throws: HistogramFault.foreign) { try HistogramCoding.read("HISTEwAAAAAAAAAA") }
    }

    @Test("A log has a line for each interval and kind that was answered")
    func log() async throws {
        let mix = RequestMix([.init(.match, 1), .init(.lookup, 1)])
        let phase = LoadPhase(name: "both", pace: .open(.constant(50, seconds: 3), .steady), mix: mix)
        let result = await LoadDriver(seed: 1, clock: VirtualClock()).run(phase) { _ in 0 }
        let text = HistogramLog.text([result], began: 1_700_000_000.25)
        #expect(text.hasPrefix("#[Histogram log format version 1.3]\n"))
        #expect(text.contains("#[BaseTime: 1700000000.250 (seconds since epoch)]"))
        let lines = try HistogramLog.read(text)
        #expect(lines.count == 6)
        #expect(Set(lines.map(\.tag)) == ["match", "lookup"])
        #expect(lines.map(\.start) == [0, 0, 1, 1, 2, 2])
        #expect(lines.reduce(0) { $0 + $1.latency.count } == result.answered)
        #expect(throws: HistogramLogFault.self) { try HistogramLog.read(text + "1,2,3\n") }
    }
}
