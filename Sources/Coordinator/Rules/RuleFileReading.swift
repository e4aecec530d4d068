import Matching
import RuleSets

/// Reads rule files that somebody puts.
enum RuleFileReading {
    /// Most faults that are told of one file.
    private static let faultLimit = 20

    /// Compiles a file.
    ///
    /// - Throws: `.invalid` with what is wrong, a line each.
    static func rules(_ text: [UInt8]) throws(RegistryError) -> RuleSet {
        guard text.count <= RuleShelf.fileLimit else {
            throw .invalid("the rule file exceeds \(RuleShelf.fileLimit) bytes")
        }
        guard let yaml = String(validating: text, as: UTF8.self) else { throw .invalid("the rule file is no UTF-8") }
        let file: RuleSetFile
        do throws(RuleSetFaults) {
            file = try RuleSetFile(yaml: yaml)
        } catch {
            let faults = error.faults.prefix(faultLimit).map { "\($0)" }
            throw .invalid("the rule file is not valid: " + faults.joined(separator: "; "))
        }
        do throws(RuleSetError) {
            return try file.compiled()
        } catch {
            throw .invalid("the rule file cannot be compiled: \(error)")
        }
    }
}
