import Foundation
import Matching

extension RuleSet {
    /// The section `decisions` of a rule file; nothing where there are no such rules.
    var decisionLines: [String] {
        guard !decisions.isEmpty else { return [] }
        return ["decisions:"]
            + decisions.map { rule in
                let conditions = rule.when.map { condition in
                    let names = condition.levels.map { ComparisonLevel(rawValue: $0)?.name ?? "missing" }
                    return "\(condition.field.name): [\(names.joined(separator: ", "))]"
                }
                let name = RuleSet.quoted(rule.name)
                return
                    "  - {name: \(name), when: {\(conditions.joined(separator: ", "))}, then: \(rule.action.rawValue)}"
            }
    }

    /// The section `columns` of a rule file, on one line of JSON, which is YAML too and keeps every digit.
    var columnLines: [String] {
        guard let columns else { return [] }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // A model holds texts and finite numbers only: it was read from such a line, or checked when it was compiled.
        guard let data = try? encoder.encode(columns) else { return [] }
        return ["columns: \(String(decoding: data, as: UTF8.self))"]
    }
}
