import Foundation
public import Matching
import Yams

/// Rule files whose comparisons come from another system.
public enum ColumnRuleFile {
    /// The text of a rule file around a model of columns.
    ///
    /// - Parameters:
    ///   - model: the model.
    ///   - name: what people call the rules.
    ///   - origin: where the model came from, for the comment.
    ///   - thresholds: match and review in bits.
    ///   - blocking: how candidates are found.
    ///   - notes: what a reader should know.
    /// - Returns: YAML that `RuleSetFile` reads.
    /// - Throws: `RuleSetFaults` where the model cannot be written.
    public static func text(
        _ model: ColumnModel,
        name: String,
        origin: String,
        thresholds: (match: Double, review: Double),
        blocking: [BlockingRule],
        notes: [String]
    ) throws(RuleSetFaults) -> String {
        let encoder = YAMLEncoder()
        encoder.options.sortKeys = true
        encoder.options.width = -1
        let section: String
        do {
            section = try encoder.encode(model)
        } catch {
            throw RuleSetFaults([.init(path: "columns", message: "\(error)")])
        }
        var lines = ["# Imported from \(origin). The section `columns` is scored as it is scored there."]
        lines += notes.map { "# Note: \($0.split(whereSeparator: \.isNewline).joined(separator: " "))" }
        lines += [
            "format: \(RuleSetFile.plainFormat)",
            "name: \(quoted(name))",
            "thresholds: {match: \(thresholds.match), review: \(thresholds.review)}",
            "block_limit: 4000",
            "alternatives:",
            "  stranger: {prior: 0.0}",
            "fields: {}",
            "blocking:",
        ]
        lines += blocking.map { "  - [\($0.parts.map(\.rawValue).joined(separator: ", "))]" }
        lines.append("columns:")
        lines += section.split(separator: "\n", omittingEmptySubsequences: true).map { "  \($0)" }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func quoted(_ text: String) -> String {
        "\"" + text.filter { $0 != "\"" && $0 != "\\" && !$0.isNewline } + "\""
    }

    /// Reads the section `columns` of a rule file.
    static func read(_ node: Node, _ validation: inout RuleSetValidation) -> ColumnModel? {
        do {
            let model = try YAMLDecoder().decode(ColumnModel.self, from: node)
            _ = try ColumnScorer(model)
            return model
        } catch let fault as ColumnFault {
            validation.fault("columns", fault.description)
        } catch DecodingError.keyNotFound(let key, let context) {
            validation.fault(path(context.codingPath), "`\(key.stringValue)` is missing")
        } catch DecodingError.typeMismatch(_, let context), DecodingError.dataCorrupted(let context),
            DecodingError.valueNotFound(_, let context)
        {
            validation.fault(path(context.codingPath), context.debugDescription)
        } catch {
            validation.fault("columns", "\(error)")
        }
        return nil
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.reduce("columns") { path, key in
            if let index = key.intValue { return "\(path)[\(index)]" }
            return "\(path).\(key.stringValue)"
        }
    }
}
