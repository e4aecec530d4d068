internal import Charts
internal import Foundation

/// The pictures of a run.
struct RunCharts {
    private let run: RunRecord

    init(_ run: RunRecord) { self.run = run }

    /// All pictures that have something to show, in the order of the page.
    var all: [String] {
        let times = [overTime("99th percentile", \.p99), overTime("Median latency", \.p50)]
        let curves = run.counted.prefix(Self.curvesMax).map(percentiles)
        return (times + [rates, throughputAgainstSize, latencyAgainstSize] + curves).compactMap { $0?.svg }
    }

    /// Pictures of single phases that a page has room for.
    private static let curvesMax = 12

    private var kinds: [RequestKind] {
        let kinds = Set(run.counted.flatMap { $0.kinds.map(\.kind) })
        return RequestKind.allCases.filter(kinds.contains)
    }

    /// A figure of what was due in each interval, by kind; what lies between two phases parts the lines.
    private func overTime(_ figure: String, _ path: KeyPath<PhaseRecord.Interval, Double>) -> LineChart? {
        let series = kinds.map { kind in
            LineChart.Series(
                name: kind.rawValue,
                points: apart { phase in
                    phase.intervals.filter { $0.kind == kind && $0.answered > 0 }
                        .map { ($0.start, log10($0[keyPath: path])) }
                }
            )
        }.filter { $0.points.count > 1 }
        guard !series.isEmpty else { return nil }
        var chart = LineChart(
            title: "\(figure) of the requests that were due at each moment",
            xLabel: "seconds from the beginning of the run",
            yLabel: "milliseconds",
            series: series
        )
        setPowers(&chart, series)
        chart.marks = marks
        return chart
    }

    /// The points of all phases, parted by one that is no number.
    private func apart(_ points: (PhaseRecord) -> [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
        Array(run.counted.map(points).filter { !$0.isEmpty }.joined(separator: [(Double.nan, Double.nan)]))
    }

    /// The time within which each share of the requests was answered; the axis grows towards "all of them".
    private func percentiles(_ phase: PhaseRecord) -> LineChart? {
        let series = phase.kinds.map { kind in
            let points = zip(PhaseRecord.shares, kind.curve).filter { share, _ in
                // A percentile closer to all than there were requests would be the longest once more.
                Double(10_000 - share) * Double(kind.answered) >= 10_000
            }
            return LineChart.Series(name: kind.kind.rawValue, points: points.map { (nines($0.0), log10($0.1)) })
        }.filter { $0.points.count > 1 }
        guard !series.isEmpty else { return nil }
        var chart = LineChart(
            title: "How many were answered how fast" + (run.counted.count > 1 ? ": \(phase.name)" : ""),
            xLabel: "share of the requests",
            yLabel: "milliseconds",
            series: series
        )
        let far = series.flatMap { $0.points.map(\.x) }.max() ?? 1
        chart.xRange = 0...far
        let words = [0: "0", 5_000: "50 %", 9_000: "90 %", 9_900: "99 %", 9_990: "99.9 %", 9_999: "99.99 %"]
        chart.xTicks = words.sorted { $0.key < $1.key }.map { (nines($0.key), $0.value) }
            .filter { $0.value <= far + 0.01 }
        setPowers(&chart, series)
        return chart
    }

    /// Requests due and requests answered in each interval.
    var rates: LineChart? {
        let due = apart { phase in
            phase.wholeIntervals.map { ($0.start, $0.rate { Int($0.answered) + $0.failed + $0.shed }) }
        }
        let done = apart { phase in phase.wholeIntervals.map { ($0.start, $0.rate(\.completed)) } }
        let lost = apart { phase in phase.wholeIntervals.map { ($0.start, $0.rate { $0.failed + $0.shed }) } }
        guard due.count > 1 else { return nil }
        var chart = LineChart(
            title: "Requests a second",
            xLabel: "seconds from the beginning of the run",
            yLabel: "requests a second",
            series: [
                .init(name: "due", points: due), .init(name: "failed or not sent", points: lost),
                .init(name: "answered", points: done),
            ]
        )
        chart.yRange = 0...max(1, (due + done).map(\.y).filter(\.isFinite).max() ?? 1)
        chart.marks = marks
        return chart
    }

    /// Records taken in a second while the registry grew.
    var throughputAgainstSize: LineChart? {
        var points: [(x: Double, y: Double)] = []
        for phase in run.phases where phase.records > 0 && phase.requestedRate == nil {
            var size = phase.sizeBefore
            for interval in phase.wholeIntervals {
                size += interval.parts.reduce(0) { $0 + $1.records }
                points.append((Double(size), interval.rate(\.records)))
            }
        }
        guard points.count > 1 else { return nil }
        var chart = LineChart(
            title: "Throughput against size",
            xLabel: "records in the registry",
            yLabel: "records a second",
            series: [.init(name: "records taken in", points: points)]
        )
        chart.yRange = 0...(points.map(\.y).max() ?? 1)
        return chart
    }

    /// The 99th percentile of each kind in registries of different sizes.
    var latencyAgainstSize: LineChart? {
        guard Set(run.counted.map(\.sizeBefore)).count > 1 else { return nil }
        let series = kinds.map { kind in
            LineChart.Series(
                name: "\(kind.rawValue) p99",
                points: run.counted.compactMap { phase in
                    phase.kinds.first { $0.kind == kind && $0.answered > 0 }
                        .map { (Double(phase.sizeBefore), log10($0.latency.p99)) }
                }
            )
        }.filter { $0.points.count > 1 }
        guard !series.isEmpty else { return nil }
        var chart = LineChart(
            title: "Latency against size",
            xLabel: "records in the registry",
            yLabel: "milliseconds",
            series: series
        )
        setPowers(&chart, series)
        return chart
    }

    /// Where the phases begin; a name that has no room before the next one is left out.
    private var marks: [(x: Double, words: String)] {
        let phases = run.counted
        guard phases.count > 1, let last = phases.last else { return [] }
        let letter = (last.start + last.seconds - phases[0].start) / Self.lettersAcross
        return phases.indices.map { index in
            let name = phases[index].name
            let room = index + 1 < phases.count ? phases[index + 1].start - phases[index].start : last.seconds
            return (phases[index].start, Double(name.count + 2) * letter <= room ? name : "")
        }
    }

    /// Letters that stand side by side over a chart.
    private static let lettersAcross = 95.0

    /// A power of ten for each factor of ten between a share and all: 90 % is 1, 99 % is 2.
    private func nines(_ permyriad: Int) -> Double { -log10(Double(10_000 - permyriad) / 10_000) }

    private func log10(_ value: Double) -> Double { Foundation.log10(max(value, 0.001)) }

    /// Powers of ten and their halves beside an axis of logarithms.
    private func setPowers(_ chart: inout LineChart, _ series: [LineChart.Series]) {
        let values = series.flatMap { $0.points.map(\.y) }.filter(\.isFinite)
        let low = ((values.min() ?? 0) - 0.05).rounded(.down)
        let high = max(low + 1, ((values.max() ?? 1) + 0.05).rounded(.up))
        chart.yRange = low...high
        chart.yTicks = stride(from: low, to: high + 0.5, by: 1).flatMap { power in
            [1.0, 2.0, 5.0].compactMap { step -> (value: Double, label: String)? in
                let place = power + Foundation.log10(step)
                guard place <= high + 0.001, high - low <= 3 || step == 1 else { return nil }
                let value = step * pow(10, power)
                return (place, String(format: "%.*f", max(0, Int(-power)), value))
            }
        }
    }
}
