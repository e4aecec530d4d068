public import Identifiers

/// One record made ready to be compared with many: its tables are built once and freed with it.
///
/// Budget: 1 us to prepare, 5-10 ns a bound, 0.3-1 us a score; no allocation and no reference counting per candidate.
///
///     let query = try PreparedQuery(keyed.row, sketch: keyed.sketch, rules: rules)
///     if query.upperBound(posting.sketch) >= rules.reviewThreshold { weight = query.score(row) }
public struct PreparedQuery: ~Copyable {
    private let view: FeatureView
    private let bytes: UnsafeMutablePointer<UInt8>
    private let tables: UnsafeMutablePointer<UInt32>
    private let weights: UnsafeMutablePointer<Int32>
    private let alternatives: Int
    private let bound: SketchBound

    /// Prepares a record.
    ///
    /// - Parameters:
    ///   - row: its encoded feature row; copied.
    ///   - sketch: its sketch.
    ///   - rules: the rules to score by.
    /// - Throws: `RuleSetError.malformedRow` where the bytes are no feature row.
    public init(_ row: [UInt8], sketch: Sketch, rules: RuleSet) throws(RuleSetError) {
        let indexed = row.withUnsafeBytes { FeatureView($0) }
        guard let view = indexed else { throw .malformedRow }
        self.view = view
        bytes = .allocate(capacity: row.count)
        tables = .allocate(capacity: max(view.textCount, 1) * PatternTable.length)
        alternatives = rules.alternatives.count
        weights = .allocate(capacity: rules.alternatives.count * PreparedQuery.stride)
        bound = SketchBound(sketch, view: view, rules: rules)
        row.withUnsafeBufferPointer { source in
            if let base = source.baseAddress { bytes.initialize(from: base, count: row.count) }
        }
        tables.initialize(repeating: 0, count: max(view.textCount, 1) * PatternTable.length)
        for index in 0..<view.textCount {
            let text = view.texts[index]
            let prefix = view.prefixLength(index)
            PatternTable.fill(
                tables + index * PatternTable.length,
                bytes + (Int(text.start) + prefix),
                Int(text.count) - prefix
            )
        }
        for (index, alternative) in rules.alternatives.enumerated() {
            let table = weights + index * PreparedQuery.stride
            table.initialize(repeating: 0, count: PreparedQuery.stride)
            for level in 1..<ComparisonLevel.tableLength { table[level] = alternative.weights[level] }
            table[PreparedQuery.stride - 1] = alternative.prior
        }
    }

    deinit {
        bytes.deallocate()
        tables.deallocate()
        weights.deallocate()
    }

    /// Entries of one alternative's weight table; the last is its prior.
    private static let stride = 128

    /// A weight that no record with this sketch can exceed.
    public func upperBound(_ candidate: Sketch) -> MatchWeight { bound.weight(candidate) }

    /// The weight of the pair: that of its least favourable alternative.
    ///
    /// - Parameter row: the candidate's feature row.
    /// - Returns: the weight; `.lowest` where the bytes are no feature row.
    public func score(_ row: UnsafeRawBufferPointer) -> MatchWeight {
        guard let levels = levels(row) else { return .lowest }
        var lowest = Int32.max
        var index = 0
        while index < alternatives {
            let table = weights + index &* PreparedQuery.stride
            lowest = min(lowest, levels.sum(table) &+ table[PreparedQuery.stride &- 1])
            index &+= 1
        }
        return MatchWeight(millibits: lowest)
    }

    /// The levels behind a score.
    ///
    /// - Parameter row: the candidate's feature row.
    /// - Returns: `nil` where the bytes are no feature row.
    public func levels(_ row: UnsafeRawBufferPointer) -> LevelVector? {
        guard let candidate = FeatureView(row), let base = row.baseAddress else { return nil }
        let comparison = Comparison(
            left: view,
            right: candidate,
            leftBytes: UnsafePointer(bytes),
            rightBytes: base.assumingMemoryBound(to: UInt8.self),
            tables: UnsafePointer(tables),
            weights: UnsafePointer(weights)
        )
        return comparison.levels()
    }
}
