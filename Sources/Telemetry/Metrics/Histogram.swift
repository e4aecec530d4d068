internal import Synchronization

/// Counts observations by size, in buckets that are fixed when the histogram is made.
///
/// Observing takes no lock: a reading that is taken meanwhile may hold an observation in its counts and not yet in its
/// sum.
public final class Histogram: Sendable {
    /// A histogram at one moment.
    struct Reading {
        var bounds: [Double]
        var counts: [UInt64]
        var sum: Double
    }

    private let bounds: [Double]
    /// One count for each bound, and one for what is larger than all of them.
    private let counts: [Counter]
    /// The sum of all observations, as the bits of a `Double`.
    private let sum = Atomic<UInt64>(0)

    init(bounds: [Double]) {
        self.bounds = bounds
        counts = (0...bounds.count).map { _ in Counter() }
    }

    /// Counts an observation; what is no finite number is not counted.
    public func observe(_ value: Double) {
        guard value.isFinite else { return }
        let index = bounds.firstIndex { value <= $0 } ?? bounds.count
        counts[index].add()
        var old = sum.load(ordering: .relaxed)
        while true {
            let new = (Double(bitPattern: old) + value).bitPattern
            let result = sum.compareExchange(expected: old, desired: new, ordering: .relaxed)
            if result.exchanged { return }
            old = result.original
        }
    }

    /// Counts an observation of time, in seconds.
    public func observe(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        observe(Double(seconds) + Double(attoseconds) * 1e-18)
    }

    /// What has been counted.
    var reading: Reading {
        Reading(
            bounds: bounds,
            counts: counts.map(\.value),
            sum: Double(bitPattern: sum.load(ordering: .relaxed))
        )
    }
}
