internal import Foundation
internal import Matching
internal import RuleSets

/// Rules as a command names them: a file, or the default.
enum RuleFile {
    /// The compiled rules of a file; the default rules where none is named.
    ///
    /// - Throws: a failure that names the file and its first fault.
    static func rules(_ path: String?) throws -> RuleSet {
        guard let path else { return try RuleSetFile.standardRules() }
        let text = try text(path)
        do {
            return try RuleSetFile(yaml: text).compiled()
        } catch let error as RuleSetFaults {
            let first = error.faults.first.map { "\($0)" } ?? ""
            let more =
                error.faults.count > 1 ? " (and \(error.faults.count - 1) more: tessera rules check \(path))" : ""
            throw CommandFailure("\(path): \(first)\(more)")
        } catch {
            throw CommandFailure("\(path): \(error)")
        }
    }

    /// The text of a file.
    static func text(_ path: String) throws(CommandFailure) -> String {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw CommandFailure("cannot read \(path): \(error.localizedDescription)")
        }
        guard data.count <= RuleSetFile.byteLimit else {
            throw CommandFailure("\(path) is larger than \(Quantity.bytes(RuleSetFile.byteLimit)), too large for rules")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw CommandFailure("\(path) is no UTF-8 text: save it as UTF-8")
        }
        return text
    }
}
