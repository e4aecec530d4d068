import JSON
import Matching

/// Writes a model of columns as the settings of a Splink model.
struct SplinkWriting {
    let columns: ColumnModel
    let others: JSONObject

    var json: JSONValue {
        var settings = JSONObject()
        settings["link_type"] = others["link_type"] ?? "dedupe_only"
        settings["probability_two_random_records_match"] = .number(JSONNumber(probability))
        for member in others.members { settings[member.key] = member.value }
        if settings["sql_dialect"] == nil { settings["sql_dialect"] = "duckdb" }
        settings["comparisons"] = .array(columns.comparisons.map(comparison))
        return .object(settings)
    }

    /// 1 / (1 + 2^-prior), by halving and doubling where the power of two is whole and by its series between.
    private var probability: Double { 1 / (1 + SplinkWriting.power(-columns.prior)) }

    /// 2^exponent.
    static func power(_ exponent: Double) -> Double {
        guard exponent.isFinite, exponent.magnitude < 1_000 else { return exponent > 0 ? 1e300 : 0 }
        let whole = exponent.rounded()
        let rest = (exponent - whole) * 0.693_147_180_559_945_3
        var term = 1.0
        var sum = 1.0
        for index in 1...18 {
            term *= rest / Double(index)
            sum += term
        }
        return sum * Double(sign: .plus, exponent: Int(whole), significand: 1)
    }

    private func comparison(_ comparison: ColumnModel.Comparison) -> JSONValue {
        [
            "output_column_name": .string(comparison.name),
            "comparison_levels": .array(comparison.levels.map(level)),
        ]
    }

    private func level(_ level: ColumnModel.Level) -> JSONValue {
        var object: JSONObject = ["sql_condition": .string(level.when)]
        object["label_for_charts"] = .string(level.label ?? level.when)
        if level.isMissing == true {
            object["is_null_level"] = true
            return .object(object)
        }
        let (m, u) = SplinkWriting.shares(level)
        if let m { object["m_probability"] = .number(JSONNumber(m)) }
        if let u { object["u_probability"] = .number(JSONNumber(u)) }
        if let column = level.frequencyOf {
            object["tf_adjustment_column"] = .string(column)
            object["tf_adjustment_weight"] = .number(JSONNumber(level.frequencyWeight ?? 1))
            if let least = level.leastFrequency { object["tf_minimum_u_value"] = .number(JSONNumber(least)) }
        }
        return .object(object)
    }

    /// m and u of a level; of one that states a weight only, two shares whose ratio is that weight.
    private static func shares(_ level: ColumnModel.Level) -> (m: Double?, u: Double?) {
        guard let weight = level.weight else { return (level.m, level.u) }
        let ratio = power(weight)
        return ratio >= 1 ? (0.9, 0.9 / ratio) : (0.9 * ratio, 0.9)
    }
}
