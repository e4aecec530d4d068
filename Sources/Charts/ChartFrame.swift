/// The paper of a chart with two axes: title, grid, labels, legend, and the scales to draw by.
struct ChartFrame {
    /// Pixels.
    private static let size = (width: 720.0, height: 440.0)
    private static let margins = (left: 72.0, right: 24.0, top: 70.0, bottom: 56.0)
    /// Pixels a letter of the legend takes, about.
    private static let letterWidth = 6.6

    let x: AxisScale
    let y: AxisScale
    var svg: SVG

    /// Draws everything but the data.
    init(
        title: String,
        xLabel: String,
        yLabel: String,
        xRange: ClosedRange<Double>,
        yRange: ClosedRange<Double>,
        legend: [String],
        xTicks: [(value: Double, label: String)]? = nil,
        yTicks: [(value: Double, label: String)]? = nil
    ) {
        let (width, height) = ChartFrame.size
        let margins = ChartFrame.margins
        x = AxisScale(xRange.lowerBound, xRange.upperBound, from: margins.left, to: width - margins.right)
        y = AxisScale(yRange.lowerBound, yRange.upperBound, from: height - margins.bottom, to: margins.top)
        svg = SVG(width: width, height: height, title: title)
        svg.label(title, at: Point(margins.left, 24), size: 15, bold: true)
        let bottom = height - margins.bottom
        for tick in xTicks ?? x.ticks(8) {
            let place = x.place(tick.value)
            svg.line(from: Point(place, margins.top), to: Point(place, bottom), stroke: Palette.grid)
            svg.label(tick.label, at: Point(place, bottom + 18), anchor: .middle, fill: Palette.pale)
        }
        for tick in yTicks ?? y.ticks(6) {
            let place = y.place(tick.value)
            svg.line(from: Point(margins.left, place), to: Point(width - margins.right, place), stroke: Palette.grid)
            svg.label(tick.label, at: Point(margins.left - 8, place + 4), anchor: .end, fill: Palette.pale)
        }
        svg.line(from: Point(margins.left, bottom), to: Point(width - margins.right, bottom), stroke: Palette.axis)
        svg.label(xLabel, at: Point((margins.left + width - margins.right) / 2, height - 14), anchor: .middle)
        svg.label(yLabel, at: Point(18, (margins.top + bottom) / 2), anchor: .middle, turned: true)
        guard legend.count > 1 else { return }
        var left = margins.left
        for (index, name) in legend.enumerated() {
            let colour = Palette.series[index % Palette.series.count]
            svg.box(from: Point(left, 34), to: Point(left + 12, 44), fill: colour)
            svg.label(name, at: Point(left + 17, 43), fill: Palette.pale)
            left += 34 + Double(name.count) * ChartFrame.letterWidth
        }
    }

    /// A dashed line across at a value of the x axis, with words beside its top.
    mutating func mark(x value: Double, _ words: String) {
        guard value >= x.lower, value <= x.upper else { return }
        let place = x.place(value)
        let isLeft = place > ChartFrame.size.width * 0.7
        svg.line(
            from: Point(place, ChartFrame.margins.top - 14),
            to: Point(place, ChartFrame.size.height - ChartFrame.margins.bottom),
            stroke: Palette.mark,
            width: 1.5,
            dashes: "5 4"
        )
        svg.label(
            words,
            at: Point(place + (isLeft ? -6 : 6), ChartFrame.margins.top - 6),
            anchor: isLeft ? .end : .start,
            fill: Palette.mark
        )
    }
}
