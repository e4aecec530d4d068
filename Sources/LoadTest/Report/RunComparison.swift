internal import Foundation

/// Two runs of one scenario side by side.
///
/// One run alone does not tell how much chance there is in it, but its intervals do: a figure counts as moved only
/// where the median of the one run's intervals lies outside the middle half of the other's, both ways.
public struct RunComparison: Sendable {
    /// One figure.
    public struct Row: Sendable, Equatable, Codable {
        /// The phase and the kind of request.
        public var place: String
        /// What is compared.
        public var figure: String
        /// In the first run.
        public var first: Double
        /// In the second run.
        public var second: Double
        /// By how much it got worse, in percent of the first; negative where it got better.
        public var worse: Double
        /// Whether the intervals of both runs say so too; `nil` where there are too few of them.
        public var isClear: Bool?
    }

    /// Intervals that a run needs before they tell anything.
    static let intervalsMin = 5

    /// All figures that both runs have.
    public let rows: [Row]
    /// Phases of one run that the other does not have.
    public let unmatched: [String]

    /// Compares what was counted in both, phase by phase of the same name.
    public init(_ first: RunRecord, _ second: RunRecord) {
        var rows: [Row] = []
        var unmatched: [String] = []
        for phase in first.counted {
            guard let other = second.counted.first(where: { $0.name == phase.name }) else {
                unmatched.append(phase.name)
                continue
            }
            rows.append(Self.rate(phase, other))
            for kind in phase.kinds {
                guard let twin = other.kinds.first(where: { $0.kind == kind.kind }) else { continue }
                rows += Self.latencies(phase, kind, other, twin)
            }
            let lost = (Self.lost(phase), Self.lost(other))
            if lost.0 > 0 || lost.1 > 0 {
                rows.append(
                    Row(
                        place: phase.name,
                        figure: "failed or not sent, %",
                        first: lost.0,
                        second: lost.1,
                        worse: lost.0 > 0 ? Self.percent(lost.0, lost.1) : 100,
                        isClear: nil
                    )
                )
            }
        }
        unmatched += second.counted.map(\.name).filter { name in !first.counted.contains { $0.name == name } }
        self.rows = rows
        self.unmatched = unmatched
    }

    /// The figures that got worse by more than so many percent, and not by chance as far as the intervals tell.
    public func worse(than percent: Double) -> [Row] {
        rows.filter { $0.worse > percent && $0.isClear ?? true }
    }

    private static func rate(_ phase: PhaseRecord, _ other: PhaseRecord) -> Row {
        Row(
            place: phase.name,
            figure: "answered/s",
            first: phase.rate,
            second: other.rate,
            worse: -percent(phase.rate, other.rate),
            isClear: isClear(done(phase), done(other))
        )
    }

    private static func latencies(
        _ phase: PhaseRecord,
        _ kind: PhaseRecord.Kind,
        _ other: PhaseRecord,
        _ twin: PhaseRecord.Kind
    ) -> [Row] {
        let figures: [(String, KeyPath<LatencySummary, Double>, KeyPath<PhaseRecord.Interval, Double>?)] = [
            ("p50 ms", \.p50, \.p50), ("p90 ms", \.p90, nil), ("p99 ms", \.p99, \.p99), ("p99.9 ms", \.p999, nil),
            ("max ms", \.max, nil),
        ]
        return figures.map { name, path, inInterval in
            let (before, after) = (kind.latency[keyPath: path], twin.latency[keyPath: path])
            return Row(
                place: "\(phase.name): \(kind.kind.rawValue)",
                figure: name,
                first: before,
                second: after,
                worse: percent(before, after),
                isClear: inInterval.flatMap { path in
                    isClear(values(phase, kind.kind, path), values(other, kind.kind, path))
                }
            )
        }
    }

    private static func values(
        _ phase: PhaseRecord,
        _ kind: RequestKind,
        _ path: KeyPath<PhaseRecord.Interval, Double>
    ) -> [Double] {
        phase.intervals.filter { $0.kind == kind && $0.answered > 0 }.map { $0[keyPath: path] }
    }

    /// Answers in each whole interval.
    private static func done(_ phase: PhaseRecord) -> [Double] {
        let whole = phase.intervals.filter { $0.start + phase.interval <= phase.start + phase.seconds + 0.001 }
        return Set(whole.map(\.start)).sorted().map { start in
            whole.reduce(0) { $0 + ($1.start == start ? Double($1.completed) : 0) }
        }
    }

    private static func lost(_ phase: PhaseRecord) -> Double {
        let due = phase.answered + phase.failed + phase.shed
        return due == 0 ? 0 : 100 * Double(phase.failed + phase.shed) / Double(due)
    }

    private static func percent(_ before: Double, _ after: Double) -> Double {
        before > 0 ? ((after / before - 1) * 1_000).rounded() / 10 : 0
    }

    /// Whether the medians of two sets of intervals lie outside of each other's middle half.
    static func isClear(_ first: [Double], _ second: [Double]) -> Bool? {
        guard first.count >= intervalsMin, second.count >= intervalsMin else { return nil }
        let (one, other) = (first.sorted(), second.sorted())
        func quarter(_ values: [Double], _ number: Int) -> Double { values[(values.count - 1) * number / 4] }
        func outside(_ value: Double, _ values: [Double]) -> Bool {
            value < quarter(values, 1) || value > quarter(values, 3)
        }
        return outside(quarter(one, 2), other) && outside(quarter(other, 2), one)
    }

    /// A page with both runs.
    public func html(_ first: RunRecord, _ second: RunRecord) -> String {
        let table = RunPage.table(
            ["", "figure", "first", "second", "change", "by the intervals"],
            rows.map { row in
                [
                    row.place, row.figure, RunText.number(row.first), RunText.number(row.second), Self.change(row),
                    row.isClear.map { $0 ? "clear" : "within chance" } ?? "not told",
                ]
            }
        )
        let page = RunPage.html(second)
        let section =
            "<h2>Against \(RunPage.escaped(first.scenario)) at \(RunPage.escaped(first.target))</h2>\n\(table)\n"
        return page.replacing(
            "<h2>Phases</h2>",
            with: section + "<h2>Phases of the second run</h2>",
            maxReplacements: 1
        )
    }

    /// How a figure moved, in words for a table.
    public static func change(_ row: Row) -> String {
        guard abs(row.worse) >= 0.05 else { return "the same" }
        return "\(RunText.number(abs(row.worse))) % \(row.worse > 0 ? "worse" : "better")"
    }
}
