/// The colours of all charts: distinguishable in print and by those who do not see red and green apart
/// (after Okabe and Ito, "Color Universal Design", 2008).
enum Palette {
    static let paper = "#ffffff"
    static let ink = "#24292f"
    static let pale = "#6e7781"
    static let grid = "#e4e7eb"
    static let axis = "#8c959f"
    /// For evidence, agreement, what is right.
    static let gain = "#0072b2"
    /// Against it, disagreement, what is wrong.
    static let loss = "#d55e00"
    /// For totals.
    static let total = "#4d4d4d"
    /// For thresholds and other marks.
    static let mark = "#009e73"

    /// The colours of series, in order.
    static let series = [gain, loss, mark, "#cc79a7", "#e69f00", "#56b4e9", total]
}
