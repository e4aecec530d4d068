public import Demographics

/// Compiled blocking rules: the keys of a record as a pure function of the record.
public struct BlockingKeys: Sendable {
    /// The parts that some rule reads.
    private let parts: [KeyPart]
    /// Positions in `parts`, and the seed.
    private let rules: [(parts: [Int], seed: UInt64)]

    /// Compiles rules.
    public init(_ rules: [BlockingRule]) {
        let used = Set(rules.flatMap(\.parts))
        let parts = KeyPart.allCases.filter(used.contains)
        self.parts = parts
        self.rules = rules.map { rule in (rule.parts.compactMap { parts.firstIndex(of: $0) }, rule.seed) }
    }

    /// The values of every part that some rule reads: rules share parts, so each is worked out once a record.
    private func values(of record: NormalisedRecord) -> [KeyParts.Values] {
        let known = KeyParts(record)
        return parts.map { known.values($0) }
    }

    /// Distinct keys, sorted by hash, at most `BlockingKey.limit`.
    public func keys(of record: NormalisedRecord) -> [BlockingKey] {
        let values = values(of: record)
        var keys = [BlockingKey]()
        keys.reserveCapacity(BlockingKey.limit)
        for (index, rule) in rules.enumerated() {
            combine(rule.parts[...], state: rule.seed, values, left: BlockingRule.keyLimit) { hash in
                guard keys.count < BlockingKey.limit, !keys.contains(where: { $0.hash == hash }) else { return }
                keys.append(BlockingKey(hash: hash, rule: UInt8(index)))
            }
        }
        keys.sort { $0.hash < $1.hash }
        return keys
    }

    /// Visits every key of every rule with the rule's position; one hash may come twice.
    public func visit(_ record: NormalisedRecord, _ body: (_ hash: UInt64, _ rule: Int) -> Void) {
        let values = values(of: record)
        for (index, rule) in rules.enumerated() {
            combine(rule.parts[...], state: rule.seed, values, left: BlockingRule.keyLimit) { body($0, index) }
        }
    }

    /// Every combination of the parts' values, in order, as far as `left` goes; returns what is left.
    @discardableResult
    private func combine(
        _ rest: ArraySlice<Int>,
        state: UInt64,
        _ known: [KeyParts.Values],
        left: Int,
        body: (UInt64) -> Void
    ) -> Int {
        guard let part = rest.first else {
            body(Fold.mix(state))
            return left - 1
        }
        var left = left
        let values = known[part]
        for index in 0..<values.count where left > 0 {
            left = combine(
                rest.dropFirst(),
                state: Fold.combine(state, values[index]),
                known,
                left: left,
                body: body
            )
        }
        return left
    }
}
