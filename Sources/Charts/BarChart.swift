/// Counts by class: bars of several series stand in front of one another, half transparent.
///
/// The classes are neighbouring intervals of equal width, as in a histogram of weights.
public struct BarChart: Sendable {
    /// One set of bars.
    public struct Series: Sendable {
        /// The name in the legend.
        public var name: String
        /// Heights, from the first interval on.
        public var heights: [Double]

        /// Makes a set of bars.
        public init(name: String, heights: [Double]) {
            self.name = name
            self.heights = heights
        }
    }

    /// What stands above.
    public var title: String
    /// What the intervals measure, with its unit.
    public var xLabel: String
    /// What the heights count.
    public var yLabel: String
    /// Where the first interval begins.
    public var start: Double
    /// The width of an interval.
    public var width: Double
    /// The sets of bars.
    public var series: [Series]
    /// Values of the horizontal axis to point out, with words.
    public var marks: [(x: Double, words: String)] = []
    /// Whether heights are drawn by their logarithm to base 10: 1 is the lowest that shows.
    public var isLogarithmic = false

    /// Makes a chart.
    public init(
        title: String,
        xLabel: String,
        yLabel: String,
        start: Double,
        width: Double,
        series: [Series]
    ) {
        self.title = title
        self.xLabel = xLabel
        self.yLabel = yLabel
        self.start = start
        self.width = width
        self.series = series
    }

    /// The picture as an SVG document.
    public var svg: String {
        let count = max(1, series.map(\.heights.count).max() ?? 0)
        let start = start.isFinite ? start : 0
        let width = width.isFinite && width > 0 ? width : 1
        let top = series.flatMap { $0.heights.map(drawn) }.max() ?? 1
        var frame = ChartFrame(
            title: title,
            xLabel: xLabel,
            yLabel: isLogarithmic ? "\(yLabel), powers of ten" : yLabel,
            xRange: start...(start + width * Double(count)),
            yRange: 0...max(top, 1),
            legend: series.map(\.name)
        )
        let floor = frame.y.place(0)
        for (index, bars) in series.enumerated() {
            let colour = Palette.series[index % Palette.series.count]
            for (number, height) in bars.heights.enumerated() where height > 0 && height.isFinite {
                let from = start + Double(number) * width
                frame.svg.box(
                    from: Point(frame.x.place(from), frame.y.place(drawn(height))),
                    to: Point(frame.x.place(from + width), floor),
                    fill: colour,
                    opacity: series.count > 1 ? 0.65 : 1,
                    hint: "\(bars.name), \(Decimals.text(from, places: 1)): \(Decimals.text(height, places: 0))"
                )
            }
        }
        for mark in marks { frame.mark(x: mark.x, mark.words) }
        return frame.svg.document
    }

    private func drawn(_ height: Double) -> Double {
        guard height.isFinite, height > 0 else { return 0 }
        return isLogarithmic ? Logarithm.base10(max(1, height)) + 0.1 : height
    }
}
