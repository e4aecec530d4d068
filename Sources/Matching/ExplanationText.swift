import Identifiers

extension Explanation: CustomStringConvertible {
    /// A table for a terminal: one line a field, a column an alternative, the totals last.
    public var description: String {
        var lines = ["\(total) bits: \(outcome.rawValue) (a match needs \(matchThreshold)), rules \(version)", ""]
        let width = (alternatives.map(\.name.count) + [8]).max() ?? 8
        lines.append(row("", "", alternatives.map(\.name), width, ""))
        lines.append(row("prior", "", alternatives.map(\.prior.description), width, ""))
        for field in fields {
            let weights = field.level == nil ? alternatives.map { _ in "." } : field.weights.map(\.description)
            lines.append(
                row(field.field.name, level(field), weights, width, values(field))
            )
        }
        for part in columns?.parts ?? [] where !part.level.isEmpty {
            lines.append(row(part.name, "", [MatchWeight(bits: part.bits).description], width, part.level))
        }
        lines.append(row("total", "", alternatives.map(\.total.description), width, ""))
        lines.append("")
        if let least = alternatives.indices.contains(decisive) ? alternatives[decisive].name : nil {
            lines.append("The least favourable alternative counts: \(least).")
        }
        if let decision { lines.append("Decided by the rule `\(decision.name)`: \(decision.action.rawValue).") }
        let rules = sharedRules.map { $0.parts.map(\.rawValue).joined(separator: "+") }
        lines.append("Found by: " + (rules.isEmpty ? "no common key" : rules.joined(separator: ", ")) + ".")
        if !missing.isEmpty {
            let changes = missing.map { "\($0.field.name) \($0.level.name)" }
            lines.append("Enough for a match, one alone: " + changes.joined(separator: ", ") + ".")
        }
        if !nearest.isEmpty {
            let changes = nearest.map { "\($0.field.name) \($0.level.name)" }
            lines.append("Nearest missing evidence: " + changes.joined(separator: " and ") + ".")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The level; a name whose frequency counts says how much.
    private func level(_ field: Field) -> String {
        let name = field.level?.name ?? "missing"
        return field.frequency == .zero ? name : "\(name) (tf \(field.frequency))"
    }

    private func values(_ field: Field) -> String {
        field.left == field.right ? field.left : "\(field.left.isEmpty ? "-" : field.left) | \(orDash(field.right))"
    }

    private func orDash(_ text: String) -> String { text.isEmpty ? "-" : text }

    private func row(_ name: String, _ level: String, _ weights: [String], _ width: Int, _ values: String) -> String {
        var line = left(name, 13) + left(level, 18)
        for weight in weights { line += String(repeating: " ", count: max(1, width + 1 - weight.count)) + weight }
        if !values.isEmpty { line += "  " + values }
        while line.last == " " { line.removeLast() }
        return line
    }

    private func left(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
