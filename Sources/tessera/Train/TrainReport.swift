internal import BatchLinkage
internal import Identifiers
internal import JSON
internal import Matching
internal import Training

/// What a training run tells: how it went, what it chose, how good it thinks the result is.
struct TrainReport {
    let model: TrainedModel
    let rules: RuleSet
    let link: LinkReport

    /// Lines for the top of the rule file.
    var comments: [String] {
        ["Learnt from \(Quantity.count(model.records)) records."] + summary
    }

    private var summary: [String] {
        let mixture = model.mixture
        var lines = [
            "\(mixture.converged ? "Settled" : "Not settled") after \(mixture.rounds) rounds: "
                + "\(Self.rounded(mixture.same.pairs)) pairs of one person, "
                + "\(Self.rounded(mixture.relative.pairs)) of relatives, "
                + "\(Self.rounded(mixture.namesake.pairs)) of namesakes."
        ]
        if let precision = link.estimatedPrecision, let recall = link.estimatedRecall {
            lines.append(
                "Estimated precision \(Quantity.decimal(precision, 3)), recall \(Quantity.decimal(recall, 3))"
                    + " at a match threshold of \(rules.matchThreshold) bits."
            )
        }
        if let doubt = link.doubt { lines.append("Doubtful: \(doubt).") }
        lines.append(
            "Keys find \(Quantity.decimal(model.blocking.recall * 100, 2)) % of the pairs of one person that any key "
                + "finds; about \(Self.rounded(model.unscoredPairs)) pairs are missed."
        )
        return lines
    }

    /// For people.
    var lines: [String] {
        var table = TextTable([
            ("blocking rule", .left), ("pairs", .right), ("keys", .right), ("largest block", .right),
            ("records in blocks to 10", .right), ("to 100", .right), ("to 1000", .right), ("beyond", .right),
        ])
        for cost in model.blocking.chosen {
            let name = cost.rule.parts.map(\.rawValue).joined(separator: "+")
            let cells = [Self.rounded(cost.pairs), Self.rounded(cost.keys), Quantity.count(cost.largestBlock)]
            table.add([name] + cells + cost.sizes.map(Self.rounded))
        }
        return summary + ["rules \(rules.name), version \(rules.version)", ""] + table.lines
    }

    /// For programs.
    var json: JSONValue {
        let mixture = model.mixture
        return [
            "records": Self.number(model.records), "rules": .string("\(rules.version)"),
            "convergence": [
                "settled": .boolean(mixture.converged), "rounds": Self.number(mixture.rounds),
                "pairsOfOnePerson": .array(mixture.history.map(Self.number)),
            ],
            "pairs": [
                "onePerson": Self.number(mixture.same.pairs), "relatives": Self.number(mixture.relative.pairs),
                "namesakes": Self.number(mixture.namesake.pairs),
                "strangers": Self.number(mixture.stranger.pairs), "missed": Self.number(model.unscoredPairs),
            ],
            "threshold": Self.number(rules.matchThreshold.bits),
            "estimate": Self.estimate(link),
            "doubt": link.doubt.map { .string($0) } ?? .null,
            "blocking": [
                "recall": Self.number(model.blocking.recall), "pairs": Self.number(model.blocking.pairs),
                "hotBlocks": Self.number(link.cutBlocks), "largestBlock": Self.number(link.largestBlock),
                "rules": .array(model.blocking.chosen.map(Self.rule)),
            ],
            "levels": .array(ComparisonLevel.allCases.map(level)),
        ]
    }

    /// Precision and recall as estimated; `null` where nothing was learnt.
    static func estimate(_ report: LinkReport) -> JSONValue {
        guard let precision = report.estimatedPrecision, let recall = report.estimatedRecall else { return .null }
        return ["precision": number(precision), "recall": number(recall)]
    }

    private func level(_ level: ComparisonLevel) -> JSONValue {
        [
            "field": .string(level.field.name), "level": .string(level.name),
            "onePerson": Self.number(model.mixture.same.levels[level]),
            "relatives": Self.number(model.mixture.relative.levels[level]),
            "namesakes": Self.number(model.mixture.namesake.levels[level]),
            "strangers": Self.number(model.mixture.stranger.levels[level]),
        ]
    }

    private static func rule(_ cost: RuleCost) -> JSONValue {
        [
            "parts": .array(cost.rule.parts.map { .string($0.rawValue) }), "pairs": number(cost.pairs),
            "keys": number(cost.keys), "largestBlock": number(cost.largestBlock),
            "recordsByBlockSize": .array(cost.sizes.map(number)),
        ]
    }

    private static func rounded(_ value: Double) -> String { Quantity.count(Int(min(9e15, value.rounded()))) }

    private static func number(_ value: Int) -> JSONValue { .number(JSONNumber(value)) }

    /// Six significant digits: what follows is chance.
    private static func number(_ value: Double) -> JSONValue {
        guard value.isFinite, value != 0 else { return .number(JSONNumber(0)) }
        var scale = 1.0
        while (value * scale).magnitude < 1e5, scale < 1e15 { scale *= 10 }
        return .number(JSONNumber((value * scale).rounded() / scale))
    }
}
