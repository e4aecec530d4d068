import Demographics
import Identifiers
public import Matching

extension RuleSet {
    /// The rule file that says the same: every weight in bits with three decimals, names sorted.
    ///
    /// Reading it gives this rule set again, to the bit.
    ///
    /// - Parameter comments: lines for people, put at the top.
    /// - Returns: the text of the file.
    public func yaml(comments: [String] = []) -> String {
        var lines = comments.map { $0.isEmpty ? "#" : "# \($0)" }
        lines += [
            "format: \(fileFormat)",
            "name: \(RuleSet.quoted(name))", "thresholds:",
            "  match: \(RuleSet.bits(matchThreshold.millibits))",
            "  review: \(RuleSet.bits(reviewThreshold.millibits))", "block_limit: \(blockLimit)", "alternatives:",
        ]
        lines += alternatives.map { "  \(RuleSet.quoted($0.name)): {prior: \(RuleSet.bits($0.prior))}" }
        lines.append("fields:")
        for field in MatchField.allCases where field != .source || weighsSource {
            lines.append("  \(field.name):")
            lines += field.levels.map { level in
                let weights = alternatives.map {
                    "\(RuleSet.quoted($0.name)): \(RuleSet.bits($0.weights[Int(level.rawValue)]))"
                }
                return "    \(level.name): {\(weights.joined(separator: ", "))}"
            }
        }
        lines.append("blocking:")
        lines += blocking.map { "  - [\($0.parts.map(\.rawValue).joined(separator: ", "))]" }
        lines += guardLines
        if identifiers != .standard {
            lines.append("identifiers: {unique: [\(identifiers.unique.map(\.name).joined(separator: ", "))]}")
        }
        lines += personLines
        if takesUnsearched { lines.append("unsearched: accept") }
        if !hotKeys.isEmpty {
            lines.append("hot_keys:")
            lines += hotKeys.map { "  - \"\(HotKey.text($0))\"" }
        }
        if let frequencies { lines += RuleSet.lines(frequencies) }
        lines += decisionLines + columnLines
        return lines.joined(separator: "\n") + "\n"
    }

    /// The oldest file format that says all of it, since the third.
    private var fileFormat: Int {
        if takesUnsearched { return RuleSetFile.format }
        return hotKeys.isEmpty ? RuleSetFile.plainFormat : RuleSetFile.hotKeyFormat
    }

    private var personLines: [String] {
        guard case .average(let absent, let growth) = linkage else { return [] }
        let bits = RuleSet.bits(absent.millibits)
        guard !growth.isEmpty else { return ["persons: {absent: \(bits)}"] }
        let rows = growth.map { row in "    - [\(row.map { RuleSet.bits($0.millibits) }.joined(separator: ", "))]" }
        return ["persons:", "  absent: \(bits)", "  growth:"] + rows
    }

    private var guardLines: [String] {
        let named = GuardRules.all.compactMap { name, path -> String? in
            switch guards[keyPath: path] {
            case .off: nil
            case .always: "  \(name): always"
            case .unless(let margin): "  \(name): \(RuleSet.bits(margin.millibits))"
            }
        }
        return named.isEmpty ? [] : ["guards:"] + named
    }

    private static func lines(_ frequencies: TermFrequencies) -> [String] {
        var lines = ["term_frequencies:", "  against: \(quoted(frequencies.alternative))"]
        if let other = frequencies.otherGivenName { lines.append("  other_given_name: \(bits(other))") }
        if let other = frequencies.otherFamilyName { lines.append("  other_family_name: \(bits(other))") }
        for (key, names) in [("given_name", frequencies.givenNames), ("family_name", frequencies.familyNames)] {
            guard !names.isEmpty else { continue }
            lines.append("  \(key):")
            lines += names.sorted { $0.key < $1.key }.map { "    \(quoted($0.key)): \(bits($0.value))" }
        }
        return lines
    }

    /// A text in double quotes: names such as `no` and `null` mean something else without.
    static func quoted(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar -> String in
            switch scalar {
            case "\"": "\\\""
            case "\\": "\\\\"
            case let control where control.value < 0x20: " "
            default: String(scalar)
            }
        }
        return "\"\(escaped.joined())\""
    }

    private static func bits(_ millibits: Int32) -> String {
        let magnitude = millibits.magnitude
        let fraction = String(magnitude % 1_000)
        return "\(millibits < 0 ? "-" : "")\(magnitude / 1_000)."
            + String(repeating: "0", count: 3 - fraction.count) + fraction
    }
}
