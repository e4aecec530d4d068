import LoadTest
import Testing

@Suite struct LatencyHistogramTests {
    /// The dumb twin: all latencies in a sorted array.
    @Test(arguments: 0..<12)
    func percentilesAreThoseOfASortedArray(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var histogram = LatencyHistogram()
        var values: [UInt64] = []
        for _ in 0..<(1 + random.below(20_000)) {
            let value = random.next() >> UInt64(22 + random.below(40))
            values.append(min(value, LatencyHistogram.largest))
            histogram.record(nanoseconds: value)
        }
        values.sort()
        #expect(histogram.count == UInt64(values.count))
        #expect(histogram.minimum == .nanoseconds(Int64(values[0])))
        #expect(histogram.maximum == .nanoseconds(Int64(values[values.count - 1])))
        for permyriad in [0, 1, 100, 2_500, 5_000, 9_000, 9_900, 9_990, 9_999, 10_000] {
            let rank = max(1, (values.count * permyriad + 9_999) / 10_000)
            let exact = values[rank - 1]
            let (seconds, attoseconds) = histogram.value(atPermyriad: permyriad).components
            let found = UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds) / 1_000_000_000
            #expect(found >= exact)
            #expect(found - exact <= exact / 1_000, "permyriad \(permyriad): \(found) for \(exact)")
        }
    }

    @Test func smallValuesAreExact() {
        var histogram = LatencyHistogram()
        for value in UInt64(0)..<2_048 { histogram.record(nanoseconds: value) }
        #expect(histogram.value(atPermyriad: 5_000) == .nanoseconds(1_023))
        #expect(histogram.mean == .nanoseconds(1_023))
    }

    @Test func mergingIsRecordingTogether() {
        var random = SeededRandom(seed: 4)
        var parts = [LatencyHistogram(), LatencyHistogram(), LatencyHistogram()]
        var whole = LatencyHistogram()
        for _ in 0..<5_000 {
            let value = random.next() >> 30
            parts[random.below(3)].record(nanoseconds: value)
            whole.record(nanoseconds: value)
        }
        var merged = LatencyHistogram()
        for part in parts { merged.merge(part) }
        #expect(merged == whole)
    }

    @Test func extremesAreKept() {
        var histogram = LatencyHistogram()
        #expect(histogram.value(atPermyriad: 9_900) == .zero)
        #expect(histogram.mean == .zero)
        histogram.record(.seconds(-1))
        histogram.record(.seconds(1 << 60))
        #expect(histogram.count == 2)
        #expect(histogram.minimum == .zero)
        #expect(histogram.maximum == .nanoseconds(Int64(LatencyHistogram.largest)))
        #expect(histogram.value(atPermyriad: 10_000) == histogram.maximum)
    }
}
