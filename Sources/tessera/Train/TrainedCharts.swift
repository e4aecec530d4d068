internal import BatchLinkage
internal import Charts
internal import Identifiers
internal import Matching
internal import Training

/// What training learnt, as pictures.
struct TrainedCharts {
    private let model: TrainedModel
    private let rules: RuleSet

    /// Pictures of a training.
    init(_ trained: TrainingRun.Trained) {
        model = trained.model
        rules = trained.rules
    }

    /// Writes the pictures to a folder: m and u against each alternative, and how the rounds went.
    func write(to folder: String) throws(CommandFailure) {
        var pictures = [("convergence", convergence.svg)]
        for alternative in rules.alternatives {
            pictures.append(("levels-\(alternative.name)", levels(alternative).svg))
        }
        try ChartFolder(folder).write(pictures)
    }

    private func levels(_ alternative: Alternative) -> MUChart {
        let other = model.mixture.others.first { $0.name == alternative.name }?.kind ?? model.mixture.stranger
        let levels = MatchField.allCases.flatMap { field in
            field.levels.map { level in
                MUChart.Level(
                    field: field.name,
                    name: level.name,
                    m: model.mixture.same.levels[level],
                    u: other.levels[level],
                    weight: MatchWeight(millibits: alternative.weights[Int(level.rawValue)]).bits
                )
            }
        }
        return MUChart(title: "One person against \(alternative.name), rules \(rules.name)", levels: levels)
    }

    private var convergence: LineChart {
        let points = model.mixture.history.enumerated().map { (x: Double($0.offset + 1), y: $0.element) }
        return LineChart(
            title: model.mixture.converged ? "Training converged" : "Training ran out of rounds",
            xLabel: "round",
            yLabel: "estimated pairs of one person",
            series: [.init(name: "pairs", points: points)]
        )
    }
}
