import Matching
import Yams

/// Reads the section `decisions` of a rule file.
enum DecisionRulesReading {
    /// The rules in the order of the file.
    static func read(_ node: Node, _ validation: inout RuleSetValidation) -> [DecisionRule] {
        guard let items = node.sequence, items.count <= DecisionRule.countLimit else {
            validation.fault("decisions", "expected a list of at most \(DecisionRule.countLimit) rules")
            return []
        }
        return items.enumerated().compactMap { rule($1, at: "decisions[\($0)]", &validation) }
    }

    private static func rule(_ node: Node, at path: String, _ validation: inout RuleSetValidation) -> DecisionRule? {
        var rule = DecisionRule(name: "", when: [], then: .review)
        for (key, value) in validation.entries(node, at: path, required: ["when", "then"], optional: ["name"]) {
            switch key {
            case "name": rule.name = value.string ?? ""
            case "then":
                let words = DecisionRule.Action.allCases.map(\.rawValue)
                if let action = DecisionRule.Action(rawValue: value.string ?? "") {
                    rule.action = action
                } else {
                    validation.fault("\(path).then", "expected one of \(words.joined(separator: ", "))")
                }
            default: rule.when = conditions(value, at: "\(path).when", &validation)
            }
        }
        if rule.name.isEmpty { rule.name = path }
        return rule
    }

    private static func conditions(
        _ node: Node,
        at path: String,
        _ validation: inout RuleSetValidation
    ) -> [DecisionRule.Condition] {
        let entries = validation.entries(node, at: path, known: MatchField.allCases.map(\.name))
        if entries.isEmpty { validation.fault(path, "a rule without a condition would fit every pair") }
        return entries.compactMap { key, value in
            guard let field = MatchField.allCases.first(where: { $0.name == key }) else { return nil }
            let names = value.sequence?.map { $0.string ?? "" } ?? [value.string ?? ""]
            let known = field.levels.map(\.name) + ["missing"]
            let levels = names.compactMap { name -> UInt8? in
                if name == "missing" { return 0 }
                if let level = field.levels.first(where: { $0.name == name }) { return level.rawValue }
                let near = RuleSetValidation.nearest(to: name, in: known)
                validation.fault("\(path).\(key)", "`\(name)` is no level of it; did you mean `\(near)`?")
                return nil
            }
            return DecisionRule.Condition(field: field, levels: levels)
        }
    }
}
