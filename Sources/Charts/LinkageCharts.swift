/// The charts that tell how well weights part pairs of one person from the others.
///
/// All are made of one table: for each interval of weight, how many pairs of either kind lie in it.
public struct LinkageCharts: Sendable {
    /// Where the first interval begins, in bits.
    public var start: Double
    /// The width of an interval in bits.
    public var width: Double
    /// Pairs of one person by interval.
    public var matches: [Int]
    /// Other pairs by interval.
    public var others: [Int]
    /// Pairs of one person that no key brought together: they have no weight.
    public var missed: Int
    /// The weight that a match needs.
    public var threshold: Double

    /// Makes the table.
    public init(start: Double, width: Double, matches: [Int], others: [Int], missed: Int, threshold: Double) {
        self.start = start
        self.width = width
        self.matches = matches
        self.others = others
        self.missed = missed
        self.threshold = threshold
    }

    /// What a threshold gives.
    public struct Quality: Sendable, Equatable {
        /// The weight from which on pairs count as found, in bits.
        public var threshold: Double
        /// Share of the found pairs that are right; 1 where none is found.
        public var precision: Double
        /// Share of the pairs of one person that are found; 1 where there is none.
        public var recall: Double
        /// Harmonic mean of the two.
        public var f1: Double
    }

    /// The quality at the lower end of each interval, from the lowest threshold on.
    public var qualities: [Quality] {
        let count = max(matches.count, others.count)
        let wanted = matches.reduce(0, +) + missed
        var (right, wrong) = (0, 0)
        var result: [Quality] = []
        for index in stride(from: count - 1, through: 0, by: -1) {
            right += index < matches.count ? matches[index] : 0
            wrong += index < others.count ? others[index] : 0
            let precision = right + wrong == 0 ? 1 : Double(right) / Double(right + wrong)
            let recall = wanted == 0 ? 1 : Double(right) / Double(wanted)
            let sum = precision + recall
            result.append(
                Quality(
                    threshold: start + Double(index) * width,
                    precision: precision,
                    recall: recall,
                    f1: sum > 0 ? 2 * precision * recall / sum : 0
                )
            )
        }
        return result.reversed()
    }

    /// The quality at the rules' own threshold.
    public var chosen: Quality? { qualities.last { $0.threshold <= threshold + width / 2 } }

    /// The best F1 that any threshold gives.
    public var best: Quality? { qualities.max { $0.f1 < $1.f1 } }

    /// Precision over recall, one point a threshold.
    public var precisionRecall: LineChart {
        var chart = LineChart(
            title: "Precision and recall of pairs",
            xLabel: "recall",
            yLabel: "precision",
            series: [.init(name: "pairs", points: qualities.reversed().map { ($0.recall, $0.precision) })]
        )
        chart.xRange = 0...1
        chart.yRange = 0...1
        if let chosen {
            chart.highlights = [(chosen.recall, chosen.precision, "at \(Decimals.signed(threshold, places: 1)) bits")]
        }
        return chart
    }

    /// Precision, recall and F1 over the threshold.
    public var thresholds: LineChart {
        let qualities = qualities
        var chart = LineChart(
            title: "What each threshold gives",
            xLabel: "threshold in bits",
            yLabel: "share",
            series: [
                .init(name: "precision", points: qualities.map { ($0.threshold, $0.precision) }, isStepped: true),
                .init(name: "recall", points: qualities.map { ($0.threshold, $0.recall) }, isStepped: true),
                .init(name: "F1", points: qualities.map { ($0.threshold, $0.f1) }, isStepped: true),
            ]
        )
        chart.yRange = 0...1
        chart.marks = [(threshold, "the rules' threshold")]
        return chart
    }

    /// How weights are distributed among pairs of one person and others, counts by their logarithm.
    public var weights: BarChart {
        var chart = BarChart(
            title: "Weights of pairs",
            xLabel: "weight in bits",
            yLabel: "pairs",
            start: start,
            width: width,
            series: [
                .init(name: "one person", heights: matches.map(Double.init)),
                .init(name: "different persons", heights: others.map(Double.init)),
            ]
        )
        chart.isLogarithmic = true
        chart.marks = [(threshold, "the rules' threshold")]
        return chart
    }
}
