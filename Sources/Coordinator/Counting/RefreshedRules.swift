import Matching

extension RuleSet {
    /// The same rules with other counts: everything else stays.
    ///
    /// - Throws: `RuleSetError.outOfRange` where there are more of them than a rule set may have.
    func with(_ frequencies: TermFrequencies, _ hotKeys: [UInt64]) throws(RuleSetError) -> RuleSet {
        try RuleSet(
            name: name,
            matchThreshold: matchThreshold,
            reviewThreshold: reviewThreshold,
            blockLimit: blockLimit,
            alternatives: alternatives,
            blocking: blocking,
            guards: guards,
            frequencies: frequencies,
            identifiers: identifiers,
            columns: columns,
            decisions: decisions,
            linkage: linkage,
            hotKeys: hotKeys,
            takesUnsearched: takesUnsearched
        )
    }
}
