import Bytes
import Matching

/// By what rules keys are counted.
struct CountingRules: Sendable {
    /// The keys of the rules, also those that are left out.
    let blocking: BlockingKeys
    /// Keys that are left out, so that no posting tells of them.
    let watched: Set<UInt64>
    /// Tells what is watched, and by what it is made, from anything else; 0 where nothing is.
    let digest: UInt64
    /// Whether keys are made of a record at all: that costs as much as reading it.
    let needsKeys: Bool

    init(_ rules: RuleSet, countsAllKeys: Bool = false) {
        blocking = BlockingKeys(rules.blocking)
        watched = Set(rules.hotKeys)
        let made = rules.blocking.map { $0.parts.map(\.rawValue).joined(separator: "+") }.joined(separator: " ")
        digest = rules.hotKeys.isEmpty ? 0 : rules.hotKeys.reduce(KeyHash.hash(made)) { KeyHash.combine($0, $1) }
        needsKeys = countsAllKeys || !rules.hotKeys.isEmpty
    }
}
