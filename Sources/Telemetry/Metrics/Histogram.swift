internal import Synchronization

/// Counts observations by size, in buckets that are fixed when the histogram is made.
public final class Histogram: Sendable {
    private struct State {
        /// One count for each bound, and one for what is larger than all of them.
        var counts: [UInt64]
        var sum = 0.0
    }

    /// A histogram at one moment.
    struct Reading {
        var bounds: [Double]
        var counts: [UInt64]
        var sum: Double
    }

    private let bounds: [Double]
    private let state: Mutex<State>

    init(bounds: [Double]) {
        self.bounds = bounds
        state = Mutex(State(counts: [UInt64](repeating: 0, count: bounds.count + 1)))
    }

    /// Counts an observation; what is no number is not counted.
    public func observe(_ value: Double) {
        guard !value.isNaN else { return }
        let index = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock { state in
            state.counts[index] += 1
            state.sum += value
        }
    }

    /// Counts an observation of time, in seconds.
    public func observe(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        observe(Double(seconds) + Double(attoseconds) * 1e-18)
    }

    /// What has been counted.
    var reading: Reading {
        state.withLock { Reading(bounds: bounds, counts: $0.counts, sum: $0.sum) }
    }
}
