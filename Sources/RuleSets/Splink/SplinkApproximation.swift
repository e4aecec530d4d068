public import Matching

extension SplinkModel {
    /// Tessera's own rules as nearly as SQL states them, against the alternative that they name first.
    ///
    /// - Parameter rules: rules without a model of columns.
    public init(approximating rules: RuleSet) {
        let alternative = rules.alternatives[0]
        var model = ColumnModel(columns: [:], prior: Double(alternative.prior) / 1_000, comparisons: [])
        for sketch in SplinkApproximation.comparisons {
            model.columns[sketch.column] = ColumnSource(sketch.kind)
            var missing = ColumnModel.Level(when: "\"\(sketch.column)_l\" IS NULL OR \"\(sketch.column)_r\" IS NULL")
            missing.isMissing = true
            missing.label = "\(sketch.column) is NULL"
            var levels = [missing]
            for (level, condition) in sketch.levels {
                var written = ColumnModel.Level(when: condition.replacing("$", with: sketch.column))
                written.weight = Double(alternative.weights[Int(level.rawValue)]) / 1_000
                written.label = level.name
                levels.append(written)
            }
            model.comparisons.append(.init(name: sketch.column, levels: levels))
        }
        self.init(
            columns: model,
            blocking: rules.blocking,
            notes: [
                "m and u are made up, their ratio is the weight; train the model before you trust its probabilities",
                rules.alternatives.count > 1
                    ? "only the alternative `\(alternative.name)` is given: Splink has one" : "levels are approximate",
            ]
        )
    }
}

/// Conditions in SQL that come near to levels; `$` stands for the column.
enum SplinkApproximation {
    struct Sketch {
        let column: String
        let kind: ColumnSource.Kind
        let levels: [(level: ComparisonLevel, condition: String)]
    }

    private static let equal = #""$_l" = "$_r""#
    private static let otherwise = "ELSE"

    private static func close(_ distance: Int) -> String { #"damerau_levenshtein("$_l", "$_r") <= \#(distance)"# }

    private static func similar(_ share: Double) -> String { #"jaro_winkler_similarity("$_l", "$_r") >= \#(share)"# }

    static let comparisons: [Sketch] = [
        Sketch(
            column: "given_name",
            kind: .givenName,
            levels: [
                (.givenExact, equal), (.givenClose, similar(0.92)), (.givenSimilar, similar(0.8)),
                (.givenInitial, #"substr("$_l", 1, 1) = "$_r" OR substr("$_r", 1, 1) = "$_l""#),
                (.givenDifferent, otherwise),
            ]
        ),
        Sketch(
            column: "family_name",
            kind: .familyName,
            levels: [
                (.familyExact, equal), (.familyClose, similar(0.92)), (.familySimilar, similar(0.8)),
                (.familyDifferent, otherwise),
            ]
        ),
        Sketch(
            column: "birth_date",
            kind: .birthDate,
            levels: [
                (.dateExact, equal), (.dateOneDigit, close(1)), (.dateTwoDigits, close(2)),
                (.dateYear, #"substr("$_l", 1, 4) = substr("$_r", 1, 4)"#), (.dateDifferent, otherwise),
            ]
        ),
        Sketch(column: "sex", kind: .sex, levels: [(.sexSame, equal), (.sexDifferent, otherwise)]),
        Sketch(
            column: "national_id",
            kind: .identifier,
            levels: [(.identifierExact, equal), (.identifierClose, close(1)), (.identifierDifferent, otherwise)]
        ),
        Sketch(
            column: "phone",
            kind: .phone,
            levels: [(.phoneExact, equal), (.phoneClose, close(1)), (.phoneDifferent, otherwise)]
        ),
        Sketch(
            column: "email",
            kind: .email,
            levels: [(.emailExact, equal), (.emailClose, close(2)), (.emailDifferent, otherwise)]
        ),
        Sketch(column: "city", kind: .city, levels: [(.placeCity, equal), (.placeDifferent, otherwise)]),
    ]
}
