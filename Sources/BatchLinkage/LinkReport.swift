/// What a batch run did, for people and for `--json`.
public struct LinkReport: Sendable, Codable, Equatable {
    /// Distinct records linked.
    public var records = 0
    /// Records given again under the same source and identifier; the last one counted.
    public var repeated = 0
    /// Blocking keys of all records.
    public var keys = 0
    /// Size of the largest block.
    public var largestBlock = 0
    /// Times that a record stood too far back in a block longer than the limit to ask for candidates.
    public var cutBlocks = 0
    /// Pairs that share a key.
    public var pairs = 0
    /// Pairs scored: those whose sketch allowed a weight that matters.
    public var scored = 0
    /// Pairs at or above the match threshold.
    public var matches = 0
    /// Pairs between the thresholds.
    public var reviews = 0
    /// Persons found.
    public var persons = 0
    /// Estimated share of the pairs put into one person that belong there; `nil` unless rules were learnt.
    public var estimatedPrecision: Double?
    /// Estimated share of the pairs of one person that were put together; `nil` unless rules were learnt.
    public var estimatedRecall: Double?
    /// The rules, as 16 hexadecimal digits.
    public var rules = ""

    /// Estimates below which the result should not be relied on without a look at it.
    static let leastPrecision = 0.9
    static let leastRecall = 0.7

    /// What to say where learning knows that it did not learn enough; `nil` where it does not.
    public var doubt: String? {
        guard let estimatedPrecision, let estimatedRecall else { return nil }
        let isPrecise = estimatedPrecision >= LinkReport.leastPrecision
        guard !isPrecise || estimatedRecall < LinkReport.leastRecall else { return nil }
        let fault =
            isPrecise ? "many pairs of one person are probably missed" : "many pairs are probably of two persons"
        return "these records say too little of who is who: \(fault); look at some before relying on them"
    }

    /// Reports nothing.
    public init() {}
}
