/// Maps values to pixels along one axis and finds round numbers to write beside it.
struct AxisScale {
    let lower: Double
    let upper: Double
    private let start: Double
    private let end: Double

    /// A scale from values to pixels; an empty range is widened.
    init(_ lower: Double, _ upper: Double, from start: Double, to end: Double) {
        let isUsable = lower.isFinite && upper.isFinite && lower < upper
        self.lower = isUsable ? lower : (lower.isFinite ? lower - 0.5 : 0)
        self.upper = isUsable ? upper : (lower.isFinite ? lower + 0.5 : 1)
        self.start = start
        self.end = end
    }

    /// The pixel of a value; values outside are put on the edge.
    func place(_ value: Double) -> Double {
        let inside = value.isFinite ? min(max(value, lower), upper) : lower
        return start + (inside - lower) / (upper - lower) * (end - start)
    }

    /// The distance of round numbers, 1, 2 or 5 times a power of ten, of which about `count` fit.
    func step(_ count: Int) -> Double {
        let rough = (upper - lower) / Double(max(1, count))
        var power = 1.0
        while power * 10 <= rough { power *= 10 }
        while power > rough { power /= 10 }
        let factor = rough / power
        return power * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10)
    }

    /// Round numbers within the range, with the decimals that they need.
    func ticks(_ count: Int) -> [(value: Double, label: String)] {
        let step = step(count)
        var places = 0
        var unit = step
        while places < 6, abs(unit - unit.rounded()) > 1e-9 * unit {
            unit *= 10
            places += 1
        }
        let first = Int((lower / step - 1e-9).rounded(.up))
        let last = Int((upper / step + 1e-9).rounded(.down))
        guard first <= last else { return [] }
        return (first...last).map { index in
            let value = Double(index) * step
            return (value, Decimals.text(value, places: places))
        }
    }
}
