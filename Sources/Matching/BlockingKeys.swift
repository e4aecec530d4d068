public import Demographics

/// Compiled blocking rules: the keys of a record as a pure function of the record.
public struct BlockingKeys: Sendable {
    /// The parts that some rule reads.
    private let parts: [KeyPart]
    /// Positions in `parts`, rule after rule.
    private let positions: [Int]
    /// Where each rule ends in `positions`.
    private let ends: [Int]
    private let seeds: [UInt64]
    /// Keys that are never made, in ascending order.
    private let hot: [UInt64]

    /// Compiles rules.
    ///
    /// - Parameters:
    ///   - rules: what keys are made of.
    ///   - hot: keys that are never made, in ascending order.
    public init(_ rules: [BlockingRule], without hot: [UInt64] = []) {
        let used = Set(rules.flatMap(\.parts))
        let parts = KeyPart.allCases.filter(used.contains)
        var positions: [Int] = []
        var ends: [Int] = []
        for rule in rules {
            positions += rule.parts.compactMap { parts.firstIndex(of: $0) }
            ends.append(positions.count)
        }
        self.parts = parts
        self.positions = positions
        self.ends = ends
        seeds = rules.map(\.seed)
        self.hot = hot
    }

    /// Distinct keys, sorted by hash, at most `BlockingKey.limit`.
    public func keys(of record: NormalisedRecord) -> [BlockingKey] {
        var keys = [BlockingKey]()
        keys.reserveCapacity(BlockingKey.limit)
        visit(record) { hash, rule in
            guard keys.count < BlockingKey.limit, !keys.contains(where: { $0.hash == hash }) else { return }
            keys.append(BlockingKey(hash: hash, rule: UInt8(rule)))
        }
        keys.sort { $0.hash < $1.hash }
        return keys
    }

    /// Visits every key of every rule but the hot ones with the rule's position; one hash may come twice.
    public func visit(_ record: NormalisedRecord, _ body: (_ hash: UInt64, _ rule: Int) -> Void) {
        let known = KeyParts(record)
        // A closure that held this value would count references to all its arrays, for which threads would fight.
        let hot = hot
        // Rules share parts, so each is worked out once a record.
        withUnsafeTemporaryAllocation(of: KeyParts.Values.self, capacity: parts.count) { values in
            for (index, part) in parts.enumerated() { values.initializeElement(at: index, to: known.values(part)) }
            positions.withUnsafeBufferPointer { positions in
                var start = 0
                for rule in ends.indices {
                    let own = positions[start..<ends[rule]]
                    BlockingKeys.combine(own, seeds[rule], UnsafeBufferPointer(values), left: BlockingRule.keyLimit) {
                        if !BlockingKeys.isHot($0, hot) { body($0, rule) }
                    }
                    start = ends[rule]
                }
            }
        }
    }

    private static func isHot(_ key: UInt64, _ hot: [UInt64]) -> Bool {
        var (low, high) = (0, hot.count)
        while low < high {
            let middle = (low + high) / 2
            if hot[middle] < key { low = middle + 1 } else { high = middle }
        }
        return low < hot.count && hot[low] == key
    }

    /// Every combination of the parts' values, in order, as far as `left` goes; returns what is left.
    @discardableResult
    private static func combine(
        _ rest: Slice<UnsafeBufferPointer<Int>>,
        _ state: UInt64,
        _ known: UnsafeBufferPointer<KeyParts.Values>,
        left: Int,
        body: (UInt64) -> Void
    ) -> Int {
        guard let part = rest.first else {
            body(Fold.mix(state))
            return left - 1
        }
        var left = left
        for index in 0..<known[part].count where left > 0 {
            let state = Fold.combine(state, known[part][index])
            left = combine(rest.dropFirst(), state, known, left: left, body: body)
        }
        return left
    }
}
