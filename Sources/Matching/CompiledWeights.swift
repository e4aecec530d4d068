/// The weights of a rule set laid out for scoring: tables and the best of each field, worked out once a rule set.
struct CompiledWeights: Sendable {
    /// One alternative.
    struct Table: Sendable {
        /// Log odds before any field is looked at.
        var prior: Int32
        /// By `ComparisonLevel.rawValue`; entry 0, "missing", is 0.
        var levels: InlineArray<128, Int32>
        /// The most a field can add, by `MatchField.rawValue`; never negative, since a field may be missing.
        var best: InlineArray<16, Int32>
        /// The same without the level "exact".
        var bestUnequal: InlineArray<16, Int32>

        /// Lets the best of a field reach a level's weight and the most that frequencies add to it.
        mutating func raise(_ level: ComparisonLevel, by most: Int32) {
            let field = Int(level.field.rawValue)
            best[field] = max(best[field], levels[Int(level.rawValue)] &+ most)
        }
    }

    let tables: [Table]
    /// The same with a lane for each alternative: what bounds add up at once.
    let lanes: WeightLanes

    init(_ alternatives: [Alternative], frequencies: CompiledFrequencies?) {
        tables = alternatives.enumerated().map { index, alternative in
            var table = Table(
                prior: alternative.prior,
                levels: InlineArray(repeating: 0),
                best: InlineArray(repeating: 0),
                bestUnequal: InlineArray(repeating: 0)
            )
            for level in ComparisonLevel.allCases {
                let weight = alternative.weights[Int(level.rawValue)]
                let field = Int(level.field.rawValue)
                table.levels[Int(level.rawValue)] = weight
                table.best[field] = max(table.best[field], weight)
                if level.name != "exact" { table.bestUnequal[field] = max(table.bestUnequal[field], weight) }
            }
            if let frequencies, frequencies.alternative == index {
                table.raise(.givenExact, by: frequencies.bestGiven)
                table.raise(.familyExact, by: frequencies.bestFamily)
            }
            return table
        }
        lanes = WeightLanes(tables)
    }
}
