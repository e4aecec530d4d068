import Foundation
import Testing

@testable import Charts

/// What charts make of values that nobody wished for.
@Suite("Charts")
struct ChartTests {
    @Test("Qualities follow from the counts")
    func qualities() throws {
        let charts = LinkageCharts(
            start: -1,
            width: 1,
            matches: [1, 2, 5],
            others: [8, 2, 0],
            missed: 2,
            threshold: 0
        )
        #expect(charts.qualities.map(\.threshold) == [-1, 0, 1])
        let precisions: [Double] = [8.0 / 18, 7.0 / 9, 1]
        #expect(charts.qualities.map(\.precision) == precisions)
        #expect(charts.qualities.map(\.recall) == [0.8, 0.7, 0.5])
        #expect(charts.chosen?.threshold == 0)
        #expect(charts.best?.threshold == 0)
        #expect(LinkageCharts(start: 0, width: 1, matches: [], others: [], missed: 0, threshold: 0).best == nil)
    }

    @Test("Round numbers stand beside axes", arguments: [(0.0, 1.0), (-30, 30), (0, 0.003), (-1e9, 1e9), (5, 5)])
    func ticks(lower: Double, upper: Double) {
        let scale = AxisScale(lower, upper, from: 0, to: 100)
        let ticks = scale.ticks(6)
        #expect((1...13).contains(ticks.count))
        for tick in ticks { #expect((-1e-6...100.000_001).contains(scale.place(tick.value))) }
        #expect(Set(ticks.map(\.label)).count == ticks.count)
    }

    @Test("What is no number is no trap")
    func noNumbers() {
        let odd = [Double.nan, .infinity, -.infinity, 1e300, -1e300, 0]
        let lines = LineChart(
            title: "\u{0}<&>\"",
            xLabel: "",
            yLabel: "",
            series: [.init(name: "a", points: odd.map { ($0, $0) }), .init(name: "b", points: [])]
        )
        let bars = BarChart(
            title: "",
            xLabel: "",
            yLabel: "",
            start: .nan,
            width: 0,
            series: [.init(name: "", heights: odd)]
        )
        let steps = WaterfallChart(title: "", steps: odd.map { .init(name: "", value: $0) }, marks: [(.nan, "")])
        let levels = MUChart(title: "", levels: odd.map { .init(field: "", name: "", m: $0, u: $0, weight: $0) })
        for svg in [lines.svg, bars.svg, steps.svg, levels.svg] {
            #expect(svg.hasSuffix("</svg>\n") && !svg.utf8.contains(0))
            #expect(!svg.contains("nan") && !svg.contains("inf"))
        }
        #expect(lines.svg.contains("&lt;&amp;&gt;&quot;"))
    }

    @Test("Decimals do not depend on the machine")
    func decimals() {
        #expect(Decimals.text(-0.004, places: 2) == "0.00")
        #expect(Decimals.text(1.005e3, places: 1) == "1005.0")
        #expect(Decimals.text(0.05, places: 1) == "0.1")
        #expect(Decimals.text(-12.25, places: 0) == "-12")
        #expect(Decimals.signed(0.04, places: 1) == "0.0")
        #expect(Decimals.signed(3, places: 1) == "+3.0")
        for value in [1, 2, 3, 10, 1_000, 123_456.789] {
            #expect(abs(Logarithm.base10(value) - log10(value)) < 1e-7)
        }
    }
}
