/// The bars of a waterfall: each goes from where the sum was to where it is now.
struct WaterfallBars {
    /// Columns that all bars share.
    private static let width = 32

    private let steps: [Double]
    private let lowest: Double
    private let scale: Double

    /// Bars for a sum after each step, of which the first starts at zero.
    init(_ steps: [Double]) {
        self.steps = steps
        lowest = min(0, steps.min() ?? 0)
        let span = max(0, steps.max() ?? 0) - lowest
        scale = span > 0 ? Double(Self.width) / span : 0
    }

    /// The bar of a step: full blocks where it adds, shaded ones where it takes away.
    subscript(index: Int) -> String {
        let before = index == 0 ? 0 : steps[index - 1]
        let from = column(min(before, steps[index]))
        let to = max(from + 1, column(max(before, steps[index])))
        guard steps[index] != before else { return String(repeating: " ", count: from) + "|" }
        let block = steps[index] > before ? "█" : "░"
        return String(repeating: " ", count: from) + String(repeating: block, count: to - from)
    }

    private func column(_ value: Double) -> Int { Int(((value - lowest) * scale).rounded()) }
}
