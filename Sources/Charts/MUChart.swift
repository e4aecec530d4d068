/// What a rule set believes of each level: how often it occurs among pairs of one person (m) and of others (u), and the
/// weight that follows, log2(m/u).
public struct MUChart: Sendable {
    /// One level of a field.
    public struct Level: Sendable {
        /// The field.
        public var field: String
        /// The level.
        public var name: String
        /// Share of the pairs of one person that have this level, 0...1; `nil` where only the weight is known.
        public var m: Double?
        /// Share of the other pairs; `nil` where only the weight is known.
        public var u: Double?
        /// The weight in bits.
        public var weight: Double

        /// Makes a level.
        public init(field: String, name: String, m: Double? = nil, u: Double? = nil, weight: Double) {
            self.field = field
            self.name = name
            self.m = m
            self.u = u
            self.weight = weight
        }
    }

    /// What stands above.
    public var title: String
    /// The levels; those of one field follow one another.
    public var levels: [Level]

    /// Makes a chart.
    public init(title: String, levels: [Level]) {
        self.title = title
        self.levels = levels
    }

    private static let row = 18.0
    private static let gap = 10.0
    private static let top = 70.0

    /// The picture as an SVG document.
    public var svg: String {
        let fields = levels.indices.count { $0 == 0 || levels[$0].field != levels[$0 - 1].field }
        let height = MUChart.top + MUChart.row * Double(levels.count) + MUChart.gap * Double(fields) + 20
        let hasShares = levels.contains { $0.m != nil || $0.u != nil }
        var svg = SVG(width: hasShares ? 960 : 640, height: height, title: title)
        svg.label(title, at: Point(20, 28), size: 15, bold: true)
        let reach = max(1, levels.map { abs($0.weight) }.filter(\.isFinite).max() ?? 1)
        let weights = AxisScale(-reach, reach, from: 310, to: 560)
        svg.label("weight in bits", at: Point(weights.place(0), 56), anchor: .middle, fill: Palette.pale)
        if hasShares {
            svg.label("m, one person", at: Point(640, 56), fill: Palette.gain, size: 11)
            svg.label("u, others", at: Point(800, 56), fill: Palette.loss, size: 11)
        }
        var y = MUChart.top
        for (index, level) in levels.enumerated() {
            let isFirst = index == 0 || levels[index - 1].field != level.field
            if isFirst {
                svg.line(from: Point(20, y), to: Point(hasShares ? 940 : 620, y), stroke: Palette.grid)
                y += MUChart.gap
                svg.label(level.field, at: Point(20, y + 12), bold: true)
            }
            draw(level, at: y, weights, into: &svg)
            y += MUChart.row
        }
        svg.line(from: Point(weights.place(0), MUChart.top), to: Point(weights.place(0), y), stroke: Palette.axis)
        return svg.document
    }

    private func draw(_ level: Level, at y: Double, _ weights: AxisScale, into svg: inout SVG) {
        svg.label(level.name, at: Point(180, y + 12), fill: Palette.pale)
        let (zero, end) = (weights.place(0), weights.place(level.weight))
        svg.box(
            from: Point(min(zero, end), y + 2),
            to: Point(max(zero, end, min(zero, end) + 1), y + 14),
            fill: level.weight < 0 ? Palette.loss : Palette.gain
        )
        svg.label(Decimals.signed(level.weight, places: 1), at: Point(610, y + 12), anchor: .end)
        share(level.m, at: Point(640, y), Palette.gain, into: &svg)
        share(level.u, at: Point(800, y), Palette.loss, into: &svg)
    }

    private func share(_ value: Double?, at corner: Point, _ colour: String, into svg: inout SVG) {
        guard let value, value.isFinite else { return }
        let length = min(max(value, 0), 1) * 80
        svg.box(from: Point(corner.x, corner.y + 2), to: Point(corner.x + max(1, length), corner.y + 14), fill: colour)
        let places = value < 0.001 ? 6 : 3
        svg.label(Decimals.text(value, places: places), at: Point(corner.x + 88, corner.y + 12), fill: Palette.pale)
    }
}
