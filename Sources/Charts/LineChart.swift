/// Lines over a common axis: threshold curves, precision over recall, convergence of a training.
///
///     let chart = LineChart(title: "F1", xLabel: "threshold in bits", yLabel: "share", series: [...])
///     try file.write(chart.svg)
public struct LineChart: Sendable {
    /// One line.
    public struct Series: Sendable {
        /// The name in the legend.
        public var name: String
        /// Values in the order in which the line runs; one that is no number parts it.
        public var points: [(x: Double, y: Double)]
        /// Whether a value holds until the next one, instead of a slope between them.
        public var isStepped: Bool

        /// Makes a line.
        public init(name: String, points: [(x: Double, y: Double)], isStepped: Bool = false) {
            self.name = name
            self.points = points
            self.isStepped = isStepped
        }
    }

    /// What stands above.
    public var title: String
    /// What the horizontal axis counts, with its unit.
    public var xLabel: String
    /// What the vertical axis counts, with its unit.
    public var yLabel: String
    /// The lines, in the order of the legend.
    public var series: [Series]
    /// Values of the horizontal axis to point out, with words.
    public var marks: [(x: Double, words: String)] = []
    /// Points to point out, with words.
    public var highlights: [(x: Double, y: Double, words: String)] = []
    /// The range of the horizontal axis; `nil` takes what the lines need.
    public var xRange: ClosedRange<Double>?
    /// The range of the vertical axis; `nil` takes what the lines need.
    public var yRange: ClosedRange<Double>?
    /// What is written beside the horizontal axis and where; `nil` takes round numbers.
    public var xTicks: [(value: Double, label: String)]?
    /// What is written beside the vertical axis and where; `nil` takes round numbers.
    public var yTicks: [(value: Double, label: String)]?

    /// Makes a chart.
    public init(title: String, xLabel: String, yLabel: String, series: [Series]) {
        self.title = title
        self.xLabel = xLabel
        self.yLabel = yLabel
        self.series = series
    }

    /// The picture as an SVG document.
    public var svg: String {
        let finite = series.map { line in line.points.filter { $0.x.isFinite && $0.y.isFinite } }
        var frame = ChartFrame(
            title: title,
            xLabel: xLabel,
            yLabel: yLabel,
            xRange: xRange ?? LineChart.range(finite.flatMap { $0.map(\.x) } + marks.map(\.x)),
            yRange: yRange ?? LineChart.range(finite.flatMap { $0.map(\.y) }),
            legend: series.map(\.name),
            xTicks: xTicks,
            yTicks: yTicks
        )
        for (index, line) in series.enumerated() {
            for part in line.points.split(whereSeparator: { !$0.x.isFinite || !$0.y.isFinite }) {
                var path = [Point]()
                for point in part {
                    let place = Point(frame.x.place(point.x), frame.y.place(point.y))
                    if line.isStepped, let last = path.last { path.append(Point(place.x, last.y)) }
                    path.append(place)
                }
                frame.svg.path(path, stroke: Palette.series[index % Palette.series.count])
            }
        }
        for mark in marks { frame.mark(x: mark.x, mark.words) }
        for highlight in highlights where highlight.x.isFinite && highlight.y.isFinite {
            let place = Point(frame.x.place(highlight.x), frame.y.place(highlight.y))
            frame.svg.dot(place, radius: 4, fill: Palette.mark)
            let isRight = place.x > 500
            let words = Point(place.x + (isRight ? -8 : 8), place.y + 18)
            frame.svg.label(highlight.words, at: words, anchor: isRight ? .end : .start, fill: Palette.mark)
        }
        return frame.svg.document
    }

    /// From the least to the greatest of the numbers; 0...1 where there is nothing.
    static func range(_ values: [Double]) -> ClosedRange<Double> {
        let values = values.filter(\.isFinite)
        guard let least = values.min(), let greatest = values.max() else { return 0...1 }
        return least...greatest
    }
}
