/// How a sum came about, step by step: the weight of one pair from what is believed before to the total.
public struct WaterfallChart: Sendable {
    /// One step.
    public struct Step: Sendable {
        /// What is added, for example a field.
        public var name: String
        /// Why, in few words, for example how far the values agree.
        public var reason: String
        /// How much is added; `nil` draws no bar, for what is not known.
        public var value: Double?
        /// What it was read from, written behind the bar.
        public var detail: String

        /// Makes a step.
        public init(name: String, reason: String = "", value: Double?, detail: String = "") {
            self.name = name
            self.reason = reason
            self.value = value
            self.detail = detail
        }
    }

    /// What stands above.
    public var title: String
    /// A line under the title.
    public var subtitle: String
    /// The steps from the top.
    public var steps: [Step]
    /// Sums to point out, for example what a match needs.
    public var marks: [(value: Double, words: String)]
    /// Lines under the chart.
    public var notes: [String]

    /// Makes a chart.
    public init(
        title: String,
        subtitle: String = "",
        steps: [Step],
        marks: [(value: Double, words: String)] = [],
        notes: [String] = []
    ) {
        self.title = title
        self.subtitle = subtitle
        self.steps = steps
        self.marks = marks
        self.notes = notes
    }

    private static let width = 960.0
    private static let top = 84.0
    private static let row = 26.0
    /// Most letters of a detail: what is longer is cut.
    private static let detailLetters = 46
    /// Most letters of a line under the chart before it is broken.
    private static let noteLetters = 130

    /// The picture as an SVG document.
    public var svg: String {
        let bottom = WaterfallChart.top + WaterfallChart.row * Double(steps.count + 1)
        let lines = notes.flatMap { WaterfallChart.broken($0) }
        var svg = SVG(width: WaterfallChart.width, height: bottom + 44 + 18 * Double(lines.count), title: title)
        svg.label(title, at: Point(20, 28), size: 15, bold: true)
        svg.label(subtitle, at: Point(20, 48), fill: Palette.pale)
        let scale = scale
        for tick in scale.ticks(6) {
            let x = scale.place(tick.value)
            svg.line(from: Point(x, WaterfallChart.top), to: Point(x, bottom), stroke: Palette.grid)
            svg.label(tick.label, at: Point(x, bottom + 16), anchor: .middle, fill: Palette.pale)
        }
        drawSteps(into: &svg, scale)
        for mark in marks {
            let x = scale.place(mark.value)
            let from = Point(x, WaterfallChart.top - 4)
            svg.line(from: from, to: Point(x, bottom), stroke: Palette.mark, width: 1.5, dashes: "5 4")
            svg.label(mark.words, at: Point(x, WaterfallChart.top - 8), anchor: .middle, fill: Palette.mark, size: 11)
        }
        for (index, line) in lines.enumerated() {
            svg.label(line, at: Point(20, bottom + 42 + 18 * Double(index)), fill: Palette.pale)
        }
        return svg.document
    }

    private func drawSteps(into svg: inout SVG, _ scale: AxisScale) {
        var sum = 0.0
        for (index, step) in steps.enumerated() {
            let y = WaterfallChart.top + WaterfallChart.row * Double(index)
            svg.label(step.name, at: Point(20, y + 17))
            svg.label(step.reason, at: Point(120, y + 17), fill: Palette.pale)
            svg.label(WaterfallChart.cut(step.detail), at: Point(668, y + 17), fill: Palette.pale, size: 11)
            guard let value = step.value, value.isFinite else { continue }
            let next = sum + value
            let places = (from: scale.place(min(sum, next)), to: scale.place(max(sum, next)))
            svg.box(
                from: Point(places.from, y + 5),
                to: Point(max(places.to, places.from + 1), y + 21),
                fill: value < 0 ? Palette.loss : Palette.gain,
                hint: "\(step.name): \(Decimals.signed(value, places: 2))"
            )
            let after = scale.place(next)
            svg.line(from: Point(after, y + 21), to: Point(after, y + 31), stroke: Palette.axis)
            let number = Point(620, y + 17)
            svg.label(Decimals.signed(value, places: 1), at: Point(number.x + 36, number.y), anchor: .end)
            sum = next
        }
        let y = WaterfallChart.top + WaterfallChart.row * Double(steps.count)
        svg.label("sum", at: Point(20, y + 17), bold: true)
        let (zero, end) = (scale.place(0), scale.place(sum))
        svg.box(
            from: Point(min(zero, end), y + 5),
            to: Point(max(max(zero, end), min(zero, end) + 1), y + 21),
            fill: Palette.total
        )
        svg.label(Decimals.signed(sum, places: 1), at: Point(656, y + 17), anchor: .end, bold: true)
    }

    private var scale: AxisScale {
        var sum = 0.0
        var values = [0.0] + marks.map(\.value)
        for step in steps {
            sum += step.value.map { $0.isFinite ? $0 : 0 } ?? 0
            values.append(sum)
        }
        let range = LineChart.range(values)
        let margin = max(1, (range.upperBound - range.lowerBound) * 0.04)
        return AxisScale(range.lowerBound - margin, range.upperBound + margin, from: 250, to: 610)
    }

    private static func cut(_ text: String) -> String {
        text.count > detailLetters ? text.prefix(detailLetters - 1) + "…" : text
    }

    /// A line in pieces that fit.
    private static func broken(_ text: String) -> [String] {
        var lines = [""]
        for word in text.split(separator: " ") {
            let last = lines[lines.count - 1]
            if last.count + word.count >= noteLetters, !last.isEmpty {
                lines.append("  \(word)")
            } else {
                lines[lines.count - 1] = last.isEmpty ? String(word) : "\(last) \(word)"
            }
        }
        return lines
    }
}
