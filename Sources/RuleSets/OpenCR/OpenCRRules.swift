public import JSON
public import Matching

/// Decision rules of OpenCR, as its `decisionRules.json` holds them.
///
///     let rules = try OpenCRRules(json: try JSONValue(parsing: text))
///     let decision = try ColumnScorer(rules.columns).outcome(incoming, stored).decision
///
/// Each rule becomes a `PointRule`: fields give points where they agree, filters must be equal, and the best outcome of
/// all rules counts. What OpenCR does not say clearly, or says and does otherwise, stands in `notes`.
public struct OpenCRRules: Sendable, Equatable {
    /// The rules, scored as OpenCR scores them.
    public var columns: ColumnModel
    /// What finds candidates: the filters, and keys of the fields that can agree.
    public var blocking: [BlockingRule]
    /// What a reader should know.
    public var notes: [String]

    /// Reads a file of rules.
    ///
    /// - Parameter json: the file: `{"rules": [...]}`.
    /// - Throws: `RuleSetFaults` with everything that cannot be carried over, each naming the rule and the field.
    public init(json: JSONValue) throws(RuleSetFaults) {
        var reading = OpenCRReading()
        reading.read(json)
        guard reading.faults.isEmpty else { throw RuleSetFaults(reading.faults) }
        columns = reading.columns
        blocking = reading.blocking
        notes = reading.notes
    }
}
