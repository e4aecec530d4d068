import JSON
import Matching

/// Walks the settings of a Splink model and collects what cannot be carried over.
struct SplinkReading {
    private(set) var columns = ColumnModel(columns: [:], prior: 0, comparisons: [])
    private(set) var blocking: [BlockingRule] = []
    private(set) var notes: [String] = []
    private(set) var others = JSONObject()
    private(set) var faults: [RuleSetFault] = []
    private var parser = ColumnExpressionParser()

    mutating func read(_ json: JSONValue, sources: [String: ColumnSource]) {
        guard let settings = json.object, let comparisons = settings["comparisons"]?.array else {
            return fault("", "no model of Splink: it has no `comparisons`")
        }
        let probability = settings["probability_two_random_records_match"]?.double ?? 0.0001
        guard probability > 0, probability < 1 else {
            return fault("probability_two_random_records_match", "\(probability) lies outside 0...1")
        }
        columns.prior = SplinkReading.logOdds(probability)
        if let dialect = settings["sql_dialect"]?.string, dialect != "duckdb" {
            notes.append("the conditions are of the dialect \(dialect); they are read as those of DuckDB")
        }
        for (index, comparison) in comparisons.enumerated() { self.comparison(comparison, "comparisons[\(index)]") }
        for column in parser.columns {
            guard let source = sources[column] ?? ColumnSource(named: column) else {
                let known = ColumnSource.Kind.allCases.map(\.rawValue).joined(separator: ", ")
                fault(column, "it is not clear what this column is; say --map \(column)=FIELD, one of \(known)")
                continue
            }
            columns.columns[column] = source
        }
        readBlocking(settings["blocking_rules_to_generate_predictions"]?.array ?? [])
        for member in settings.members
        where !["comparisons", "probability_two_random_records_match"].contains(member.key) {
            others[member.key] = member.value
        }
    }

    private mutating func comparison(_ json: JSONValue, _ path: String) {
        let name = json["output_column_name"]?.string ?? path
        guard let levels = json["comparison_levels"]?.array, !levels.isEmpty else {
            return fault("\(path) (\(name))", "has no `comparison_levels`")
        }
        let base = exactShare(levels)
        var result: [ColumnModel.Level] = []
        for (index, level) in levels.enumerated() {
            let place = "\(path).comparison_levels[\(index)] (\(name))"
            if let level = self.level(level, place, base) { result.append(level) }
        }
        columns.comparisons.append(.init(name: name, levels: result))
    }

    /// The u of exact agreement: what frequencies replace, also at other levels.
    private func exactShare(_ levels: [JSONValue]) -> Double? {
        for level in levels where level["is_null_level"]?.boolean != true {
            guard let text = level["sql_condition"]?.string else { continue }
            var parser = ColumnExpressionParser()
            guard let condition = try? parser.parse(text),
                case .binary(.equal, .column(let left, .left), .column(let right, .right)) = condition, left == right
            else { continue }
            return level["u_probability"]?.double
        }
        return nil
    }

    private mutating func level(_ json: JSONValue, _ path: String, _ base: Double?) -> ColumnModel.Level? {
        guard let text = json["sql_condition"]?.string else {
            fault(path, "has no `sql_condition`")
            return nil
        }
        do throws(ColumnFault) {
            _ = try parser.parse(text)
        } catch {
            fault(path, "`\(text)`: \(error)")
            return nil
        }
        var level = ColumnModel.Level(when: text)
        level.label = json["label_for_charts"]?.string
        if json["is_null_level"]?.boolean == true {
            level.isMissing = true
            return level
        }
        level.m = json["m_probability"]?.double
        level.u = json["u_probability"]?.double
        if level.m == nil || level.u == nil { notes.append("\(path): not trained, it weighs nothing") }
        if let column = json["tf_adjustment_column"]?.string {
            level.frequencyOf = column
            level.frequencyWeight = json["tf_adjustment_weight"]?.double ?? 1
            level.leastFrequency = json["tf_minimum_u_value"]?.double
            if let base, base != level.u { level.frequencyBase = base }
            do throws(ColumnFault) {
                _ = try parser.parse("\"\(column)_l\"")
            } catch {
                fault(path, "tf_adjustment_column: \(error)")
            }
        }
        return level
    }

    /// Equality of columns is found by the keys that Tessera has of them.
    private mutating func readBlocking(_ rules: [JSONValue]) {
        for rule in rules {
            let text = rule.string ?? rule["blocking_rule"]?.string ?? ""
            var parts: [KeyPart] = []
            if let condition = try? parser.parse(text), equalities(condition, &parts), !parts.isEmpty {
                blocking.append(BlockingRule(Array(parts.prefix(BlockingRule.partLimit))))
                if parts == [.birthDate] { blocking.append(BlockingRule([.defaultBirthDate])) }
            } else {
                notes.append("blocking rule left out, Tessera has no key for it: \(text)")
            }
        }
        if blocking.isEmpty {
            blocking = [BlockingRule([.namePair, .birthYear]), BlockingRule([.birthDate, .anyInitial])]
        }
    }

    private func equalities(_ condition: ColumnExpression, _ parts: inout [KeyPart]) -> Bool {
        switch condition {
        case .binary(.and, let first, let second): return equalities(first, &parts) && equalities(second, &parts)
        case .binary(.equal, .column(let left, .left), .column(let right, .right)) where left == right:
            guard let part = columns.columns[parser.columns[left]].flatMap(SplinkReading.key) else { return false }
            parts.append(part)
            return true
        default: return false
        }
    }

    private static func key(_ source: ColumnSource) -> KeyPart? {
        switch source.kind {
        case .givenName: .givenSound
        case .familyName: .familySound
        case .birthDate: .birthDate
        case .birthYear: .birthYear
        case .sex: .sex
        case .identifier: .identifier
        case .phone: .phone
        case .email: .email
        case .city: .city
        case .postalCode: .postalCode
        case .addressLine: .address
        case .motherName: .motherSound
        case .middleName, .fullName, .district: nil
        }
    }

    private mutating func fault(_ path: String, _ message: String) {
        faults.append(RuleSetFault(path: path, message: message))
    }

    /// log2(p / (1 - p)).
    static func logOdds(_ probability: Double) -> Double {
        var level = ColumnModel.Level(when: "")
        level.m = probability
        level.u = 1 - probability
        return level.bits
    }
}
