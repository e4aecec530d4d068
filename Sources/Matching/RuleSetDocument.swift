import Bytes
import Identifiers

/// A rule set as it is encoded; `RuleSet` is its compiled form.
struct RuleSetDocument: Codable {
    var format: Int
    var name: String
    var matchThreshold: Int32
    var reviewThreshold: Int32
    var blockLimit: Int
    var alternatives: [Alternative]
    var blocking: [BlockingRule]
    var guards: GuardRules
    var frequencies: TermFrequencies?
    /// Since format 3, as are columns and decisions.
    var identifiers: IdentifierRules?
    var columns: ColumnModel?
    var decisions: [DecisionRule]?
    /// Since format 2; growth since format 4, as are weights of sources.
    var linkage: Linkage?
    /// Since format 5, in ascending order.
    var hotKeys: [String]?
    /// Since format 6; only where it is so.
    var takesUnsearched: Bool?

    /// Hot keys as they are written, each once and in order; `nil` for none.
    static func texts(_ hotKeys: [UInt64]) -> [String]? {
        hotKeys.isEmpty ? nil : Set(hotKeys).sorted().map(HotKey.text)
    }

    /// The oldest format that says all of it, so that rules which say nothing new keep their version.
    var oldestFormat: Int {
        if takesUnsearched != nil { return 6 }
        if hotKeys != nil { return 5 }
        if alternatives.contains(where: \.weighsSource) || linkage?.growth.isEmpty == false { return 4 }
        if identifiers != nil || columns != nil || decisions != nil { return 3 }
        let namesOthers = frequencies.map { $0.otherGivenName != nil || $0.otherFamilyName != nil } ?? false
        return (linkage ?? .single) == .single && !namesOthers ? 1 : 2
    }

    /// Refuses what would make scoring overflow or keying run away.
    func check() throws(RuleSetError) {
        guard (1...RuleSet.format).contains(format) else { throw .unknownFormat(format) }
        guard (1...RuleSet.alternativeLimit).contains(alternatives.count) else { throw .outOfRange("alternatives") }
        for alternative in alternatives {
            guard alternative.weights.count == ComparisonLevel.tableLength,
                alternative.weights.allSatisfy({ $0.magnitude <= RuleSet.weightLimit.magnitude }),
                alternative.prior.magnitude <= RuleSet.weightLimit.magnitude
            else { throw .outOfRange("weights of \(alternative.name)") }
        }
        guard (1...BlockingRule.ruleLimit).contains(blocking.count) else { throw .outOfRange("blocking") }
        for rule in blocking {
            guard (1...BlockingRule.partLimit).contains(rule.parts.count) else { throw .outOfRange("blocking parts") }
        }
        if let frequencies {
            guard alternatives.contains(where: { $0.name == frequencies.alternative }),
                max(frequencies.givenNames.count, frequencies.familyNames.count) <= TermFrequencies.nameLimit,
                [frequencies.givenNames, frequencies.familyNames].allSatisfy({ names in
                    names.values.allSatisfy { $0.magnitude <= TermFrequencies.adjustmentLimit.magnitude }
                })
            else { throw .outOfRange("frequencies") }
        }
        try checkNewer()
        guard (1...1_000_000).contains(blockLimit) else { throw .outOfRange("blockLimit") }
        guard reviewThreshold <= matchThreshold else { throw .outOfRange("reviewThreshold") }
    }

    private func checkNewer() throws(RuleSetError) {
        guard format == oldestFormat else { throw .outOfRange("format") }
        guard takesUnsearched != false else { throw .outOfRange("takesUnsearched") }
        if let hotKeys {
            let keys = hotKeys.compactMap(HotKey.key)
            guard (1...RuleSet.hotKeyLimit).contains(keys.count), keys.count == hotKeys.count,
                zip(keys, keys.dropFirst()).allSatisfy({ $0 < $1 })
            else { throw .outOfRange("hotKeys") }
        }
        if case .average(let absent, let growth)? = linkage {
            guard (0...RuleSet.weightLimit).contains(absent.millibits), growth.count <= Linkage.growthLimit,
                growth.enumerated().allSatisfy({ size, row in
                    row.count == size + 1 && row.allSatisfy { $0.millibits.magnitude <= RuleSet.weightLimit.magnitude }
                })
            else { throw .outOfRange("linkage") }
        }
        for other in [frequencies?.otherGivenName, frequencies?.otherFamilyName] {
            guard (other ?? 0).magnitude <= TermFrequencies.adjustmentLimit.magnitude else {
                throw .outOfRange("frequencies")
            }
        }
    }

    static func digest(_ bytes: [UInt8]) -> UInt64 { KeyHash.hash(bytes, seed: 0x7275_6C65_7365_7401) }
}
