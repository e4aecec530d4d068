public import JSON
public import Matching

/// A trained model of Splink, as its `save_model_to_json` writes it, in versions 4 and 5.
///
///     let model = try SplinkModel(json: try JSONValue(parsing: text))
///     let rules = model.ruleFile(named: "from splink", matchThreshold: 6)
public struct SplinkModel: Sendable, Equatable {
    /// The comparisons, scored as Splink scores them.
    public var columns: ColumnModel
    /// What finds candidates, as far as Tessera has the keys.
    public var blocking: [BlockingRule]
    /// What could not be carried over exactly, for people.
    public var notes: [String]
    /// Members of the settings that Tessera does not need and gives back on export.
    public var others: JSONObject

    /// States a model.
    public init(
        columns: ColumnModel,
        blocking: [BlockingRule] = [],
        notes: [String] = [],
        others: JSONObject = JSONObject()
    ) {
        self.columns = columns
        self.blocking = blocking
        self.notes = notes
        self.others = others
    }

    /// States the model of columns of a rule set, with its blocking rules.
    ///
    /// - Returns: `nil` where the rules have no such model, or one that decides by points.
    public init?(_ rules: RuleSet) {
        guard let columns = rules.columns, columns.decisions?.isEmpty != false else { return nil }
        self.init(columns: columns, blocking: rules.blocking)
    }

    /// Reads a model.
    ///
    /// - Parameters:
    ///   - json: the settings.
    ///   - sources: what each column is, where its name does not say.
    /// - Throws: `RuleSetFaults` with everything that cannot be carried over.
    public init(json: JSONValue, sources: [String: ColumnSource] = [:]) throws(RuleSetFaults) {
        var reading = SplinkReading()
        reading.read(json, sources: sources)
        guard reading.faults.isEmpty else { throw RuleSetFaults(reading.faults) }
        columns = reading.columns
        blocking = reading.blocking
        notes = reading.notes
        others = reading.others
    }

    /// The model as settings that Splink reads.
    public var json: JSONValue {
        var others = others
        let member = "blocking_rules_to_generate_predictions"
        if others[member] == nil { others[member] = .array(SplinkBlocking.rules(blocking, columns: columns)) }
        return SplinkWriting(columns: columns, others: others).json
    }
}
