public import Matching

extension RuleSetFile {
    /// The text of the default rule file, comments included: a start for rules of one's own.
    public static var standardText: String { String(decoding: PackageResources.default_yaml, as: UTF8.self) }

    /// The compiled default rules.
    ///
    /// - Throws: `RuleSetFaults` never in a released program: a test compiles the file.
    public static func standardRules() throws(RuleSetFaults) -> RuleSet {
        do {
            return try RuleSetFile(yaml: standardText).compiled()
        } catch let faults as RuleSetFaults {
            throw faults
        } catch {
            throw RuleSetFaults([RuleSetFault(path: "", message: "\(error)")])
        }
    }
}
