public import Demographics

/// Compiled blocking rules: the keys of a record as a pure function of the record.
public struct BlockingKeys: Sendable {
    private let rules: [(parts: [KeyPart], seed: UInt64)]

    /// Compiles rules.
    public init(_ rules: [BlockingRule]) {
        self.rules = rules.map { ($0.parts, $0.seed) }
    }

    /// Distinct keys, sorted by hash, at most `BlockingKey.limit`.
    public func keys(of record: NormalisedRecord) -> [BlockingKey] {
        let parts = KeyParts(record)
        var keys = [BlockingKey]()
        keys.reserveCapacity(BlockingKey.limit)
        for (index, rule) in rules.enumerated() {
            combine(rule.parts[...], state: rule.seed, parts: parts, left: BlockingRule.keyLimit) { hash in
                guard keys.count < BlockingKey.limit, !keys.contains(where: { $0.hash == hash }) else { return }
                keys.append(BlockingKey(hash: hash, rule: UInt8(index)))
            }
        }
        keys.sort { $0.hash < $1.hash }
        return keys
    }

    /// Visits every key of every rule with the rule's position; one hash may come twice.
    public func visit(_ record: NormalisedRecord, _ body: (_ hash: UInt64, _ rule: Int) -> Void) {
        let parts = KeyParts(record)
        for (index, rule) in rules.enumerated() {
            combine(rule.parts[...], state: rule.seed, parts: parts, left: BlockingRule.keyLimit) { body($0, index) }
        }
    }

    /// Every combination of the parts' values, in order, as far as `left` goes; returns what is left.
    @discardableResult
    private func combine(
        _ rest: ArraySlice<KeyPart>,
        state: UInt64,
        parts: KeyParts,
        left: Int,
        body: (UInt64) -> Void
    ) -> Int {
        guard let part = rest.first else {
            body(Fold.mix(state))
            return left - 1
        }
        var left = left
        let values = parts.values(part)
        for index in 0..<values.count where left > 0 {
            left = combine(
                rest.dropFirst(),
                state: Fold.combine(state, values[index]),
                parts: parts,
                left: left,
                body: body
            )
        }
        return left
    }
}
