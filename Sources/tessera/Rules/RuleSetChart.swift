internal import Charts
internal import Identifiers
internal import Matching

/// What a rule set believes, as a picture.
enum RuleSetChart {
    /// The weight of every level against every alternative.
    static func levels(_ rules: RuleSet) -> MUChart {
        var levels: [MUChart.Level] = []
        for alternative in rules.alternatives {
            for field in MatchField.allCases {
                for level in field.levels {
                    let weight = MatchWeight(millibits: alternative.weights[Int(level.rawValue)])
                    let name = rules.alternatives.count > 1 ? "\(field.name), \(alternative.name)" : field.name
                    levels.append(MUChart.Level(field: name, name: level.name, weight: weight.bits))
                }
            }
        }
        return MUChart(title: "Weights of levels, rules \(rules.name)", levels: levels)
    }
}
