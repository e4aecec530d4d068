import Charts
import Foundation
import Testing

/// Pictures, held by golden files in `Tests/Golden/charts`: open them in a browser to see what a change does.
///
/// With `TESSERA_REWRITE=1` in the environment the files are written anew.
@Suite("Chart pictures")
struct ChartGoldenTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Golden/charts")

    private func check(_ svg: String, _ golden: String) throws {
        let file = Self.folder.appending(path: golden)
        if ProcessInfo.processInfo.environment["TESSERA_REWRITE"] == "1" {
            try svg.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(svg == (try String(contentsOf: file, encoding: .utf8)))
    }

    /// Weights of 400 pairs of one person around 14 bits, of 4,000 others around -9; 12 pairs were never compared.
    private var survey: LinkageCharts {
        func bell(_ centre: Double, _ spread: Double, _ count: Double) -> [Int] {
            let shares = (0..<60).map { index in
                let distance = (Double(index) - 30 - centre) / spread
                return 1 / (1 + distance * distance * distance * distance)
            }
            let sum = shares.reduce(0, +)
            return shares.map { Int(($0 / sum * count).rounded()) }
        }
        return LinkageCharts(
            start: -30,
            width: 1,
            matches: bell(14, 5, 400),
            others: bell(-9, 4, 4_000),
            missed: 12,
            threshold: 2
        )
    }

    @Test("Precision over recall")
    func precisionRecall() throws { try check(survey.precisionRecall.svg, "precision-recall.svg") }

    @Test("Quality over the threshold")
    func thresholds() throws { try check(survey.thresholds.svg, "thresholds.svg") }

    @Test("The distribution of weights")
    func weights() throws { try check(survey.weights.svg, "weights.svg") }

    @Test("The waterfall of a pair")
    func waterfall() throws {
        let chart = WaterfallChart(
            title: "clinic|1 and hospital|7: one person",
            subtitle: "+12.5 bits against relative; a match needs +2.0",
            steps: [
                .init(name: "before", value: -2.5),
                .init(name: "given name", reason: "close", value: 5, detail: "amina | aminah"),
                .init(name: "family name", reason: "exact, rare", value: 3.5, detail: "okello"),
                .init(name: "birth date", reason: "one digit", value: -3.3, detail: "1980-02-01 | 1980-07-02"),
                .init(name: "sex", reason: "missing", value: nil, detail: "female | -"),
                .init(name: "identifier", reason: "exact", value: 9.8, detail: "<cm 1> & \"co\""),
            ],
            marks: [(2, "match")],
            notes: ["found by birth_date+any_initial", "rules 00ff"]
        )
        try check(chart.svg, "waterfall.svg")
    }

    @Test("What rules believe")
    func beliefs() throws {
        let chart = MUChart(
            title: "Rules of a district",
            levels: [
                .init(field: "sex", name: "same", m: 0.98, u: 0.5, weight: 0.97),
                .init(field: "sex", name: "different", m: 0.02, u: 0.5, weight: -4.64),
                .init(field: "birth_date", name: "exact", m: 0.91, u: 0.000_052, weight: 14.1),
                .init(field: "birth_date", name: "different", weight: -4.9),
            ]
        )
        try check(chart.svg, "beliefs.svg")
    }
}
