import ArgumentParser
import Foundation
import Matching
import RuleSets

/// Where the rules come from.
enum RuleSource {
    /// Compiles a rule file, or the built-in rules where there is none.
    ///
    /// - Throws: `ValidationError` with every fault of the file.
    static func load(_ path: String?) throws -> RuleSet {
        guard let path else { return try RuleSetFile.standardRules() }
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw ValidationError("\(path): the rule file cannot be read")
        }
        return try RuleSetFile(yaml: text).compiled()
    }
}
