public import Identifiers

/// One record made ready to be compared with many: its tables are built once and freed with it.
///
/// Budget: 1 us to prepare, 0.1 us a bound, 0.3-0.7 us a score; no allocation and no reference counting per candidate.
/// It keeps working memory, so one thread uses it at a time.
///
///     let query = try PreparedQuery(keyed.row, sketch: keyed.sketch, rules: rules)
///     if query.reaches(floor, posting.sketch) { weight = query.score(row, atLeast: floor) }
public struct PreparedQuery: ~Copyable {
    private let view: UnsafeMutablePointer<FeatureView>
    /// The candidate's index, overwritten by every score.
    private let candidate: UnsafeMutablePointer<FeatureView>
    private let bytes: UnsafeMutablePointer<UInt8>
    private let patterns: UnsafeMutablePointer<UInt32>
    private let weights: UnsafeMutablePointer<CompiledWeights.Table>
    /// The weights of each level, a lane for each alternative.
    private let lanes: UnsafeMutablePointer<SIMD4<Int32>>
    /// Whether the texts of other fields than names are prepared too: most queries end before they are asked for.
    private let isWhole: UnsafeMutablePointer<Bool>
    private let alternatives: Int
    private let bound: SketchBound
    private let fields: FieldBound?
    private let adjustments: NameAdjustments
    private let identifiers: IdentifierRules
    private let columns: ColumnQuery?
    /// The rules themselves where some of them decide beside the weights; most rule sets have none.
    private let deciding: RuleSet?

    /// Prepares a record.
    ///
    /// - Parameters:
    ///   - row: its encoded feature row; copied.
    ///   - sketch: its sketch.
    ///   - digest: what its sketch leaves out, for `reaches`.
    ///   - rules: the rules to score by.
    /// - Throws: `RuleSetError.malformedRow` where the bytes are no feature row.
    public init(
        _ row: UnsafeRawBufferPointer,
        sketch: Sketch,
        digest: FieldDigest? = nil,
        rules: borrowing RuleSet
    ) throws(RuleSetError) {
        let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: max(1, row.count))
        if let base = row.baseAddress {
            UnsafeMutableRawPointer(bytes).copyMemory(from: base, byteCount: row.count)
        }
        try self.init(taking: bytes, row.count, sketch, digest, rules)
    }

    /// Prepares a record whose row stands in an array.
    ///
    /// - Parameters:
    ///   - row: its encoded feature row; copied.
    ///   - sketch: its sketch.
    ///   - rules: the rules to score by.
    /// - Throws: `RuleSetError.malformedRow` where the bytes are no feature row.
    public init(_ row: [UInt8], sketch: Sketch, rules: borrowing RuleSet) throws(RuleSetError) {
        let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: max(1, row.count))
        bytes.initialize(from: row, count: row.count)
        try self.init(taking: bytes, row.count, sketch, nil, rules)
    }

    private init(
        taking bytes: UnsafeMutablePointer<UInt8>,
        _ count: Int,
        _ sketch: Sketch,
        _ digest: FieldDigest?,
        _ rules: borrowing RuleSet
    ) throws(RuleSetError) {
        let row = UnsafeRawBufferPointer(start: bytes, count: count)
        var indexed = FeatureView()
        guard indexed.index(row) else {
            bytes.deallocate()
            throw .malformedRow
        }
        let tables = rules.compiledWeights.tables
        self.bytes = bytes
        view = .allocate(capacity: 1)
        view.initialize(to: indexed)
        candidate = .allocate(capacity: 1)
        candidate.initialize(to: FeatureView())
        patterns = .allocate(capacity: (indexed.textCount + 1) * PatternTable.length)
        weights = .allocate(capacity: tables.count)
        alternatives = tables.count
        identifiers = rules.identifiers
        columns = rules.columns == nil ? nil : ColumnQuery([UInt8](row), rules: copy rules)
        deciding = rules.decisions.isEmpty ? nil : copy rules
        // Its own copy: the count of references to one that threads share would be fought over with each query.
        lanes = .allocate(capacity: ComparisonLevel.tableLength)
        lanes.initialize(from: rules.compiledWeights.lanes.levels, count: ComparisonLevel.tableLength)
        isWhole = .allocate(capacity: 1)
        isWhole.initialize(to: false)
        fields = digest.map { [identifiers] in FieldBound($0, identifiers: identifiers) }
        adjustments = rules.adjustments(indexed, bytes)
        bound = SketchBound(sketch, view: indexed, lanes: rules.compiledWeights.lanes, adjustments: adjustments)
        tables.withUnsafeBufferPointer { [weights] source in
            if let base = source.baseAddress { weights.initialize(from: base, count: source.count) }
        }
        fillPatterns(FeatureTag.given.stored(0)..<FeatureTag.identifier.stored(0))
    }

    deinit {
        view.deallocate()
        candidate.deallocate()
        bytes.deallocate()
        patterns.deallocate()
        weights.deallocate()
        lanes.deallocate()
        isWhole.deallocate()
    }

    private func fillPatterns(_ tags: Range<Int>) {
        for tag in tags where view.pointee.counts[tag] > 0 {
            let prefix = FeatureTag.prefixLength(stored: tag)
            let first = Int(view.pointee.first[tag])
            for index in first..<first + Int(view.pointee.counts[tag]) {
                let text = view.pointee.texts[index]
                let table = patterns + index * PatternTable.length
                table.initialize(repeating: 0, count: PatternTable.length)
                PatternTable.fill(
                    table,
                    bytes + (Int(text.start) + prefix),
                    Int(text.count) - prefix
                )
            }
        }
    }

    /// Prepares what the names are not, once.
    @inline(__always)
    private func complete() {
        guard !isWhole.pointee else { return }
        isWhole.pointee = true
        fillPatterns(FeatureTag.identifier.stored(0)..<FeatureTag.tableLength)
    }

    /// A weight that no record with this sketch can exceed.
    ///
    /// A sketch says nothing about the columns of a model, nor what a rule lifts: with them any weight is possible.
    public func upperBound(_ candidate: Sketch) -> MatchWeight {
        columns == nil && deciding?.decisionsLift != true
            ? bound.weight(candidate, lanes, patterns) : MatchWeight(millibits: .max)
    }

    /// Whether `upperBound` of a sketch is at least a floor, found sooner where names need not be compared.
    public func reaches(_ floor: MatchWeight, _ candidate: Sketch) -> Bool {
        columns != nil || deciding?.decisionsLift == true
            || bound.reaches(floor.millibits, candidate, lanes, patterns)
    }

    /// Whether a record with this sketch and digest can reach a weight; a query made without a digest asks the sketch.
    public func reaches(_ floor: MatchWeight, _ candidate: Sketch, _ digest: FieldDigest) -> Bool {
        guard let fields else { return reaches(floor, candidate) }
        guard columns == nil, deciding?.decisionsLift != true else { return true }
        return bound.reaches(floor.millibits, candidate, digest, fields, lanes, patterns)
    }

    /// The weight of the pair: that of its least favourable alternative.
    ///
    /// - Parameter row: the candidate's feature row.
    /// - Returns: the weight; `.lowest` where the bytes are no feature row.
    public func score(_ row: UnsafeRawBufferPointer) -> MatchWeight { score(row, atLeast: .lowest) }

    /// The weight of the pair where it matters, found sooner where it does not.
    ///
    /// - Parameters:
    ///   - row: the candidate's feature row.
    ///   - floor: the least weight of interest.
    /// - Returns: exactly `score(row)` where that is at least `floor`; else some weight below `floor`.
    public func score(_ row: UnsafeRawBufferPointer, atLeast floor: MatchWeight) -> MatchWeight {
        guard let base = row.baseAddress, candidate.pointee.index(row) else { return .lowest }
        complete()
        guard columns == nil else { return columnScore([UInt8](row), compared(row)) }
        let floor = deciding?.decisionsLift == true ? MatchWeight.lowest : floor
        let comparison = comparison(base)
        var levels = LevelVector()
        comparison.firstLevels(into: &levels)
        let rest = RemainingFields(view, candidate)
        guard reachable(levels, rest, bonus: 0, names: true) >= floor.millibits else { return .lowest }
        let bonus = comparison.names(into: &levels).sum
        guard reachable(levels, rest, bonus: bonus, names: false) >= floor.millibits else { return .lowest }
        comparison.lastLevels(into: &levels)
        let weight = MatchWeight(millibits: total(levels, bonus))
        return deciding?.decided(weight, levels) ?? weight
    }

    /// The weight by a model of columns and the levels' own weights together.
    private func columnScore(
        _ row: [UInt8],
        _ found: (levels: LevelVector, bonus: Comparison.NameBonus)?
    ) -> MatchWeight {
        guard let columns, let found else { return .lowest }
        let own = MatchWeight(millibits: total(found.levels, found.bonus.sum))
        let weight = own + columns.weight(columns.outcome(row))
        return deciding?.decided(weight, found.levels) ?? weight
    }

    /// What a model of columns makes of the pair; `nil` where the rules have none.
    func columnOutcome(_ row: [UInt8]) -> (outcome: ColumnScorer.Outcome, weight: MatchWeight)? {
        guard let columns else { return nil }
        let outcome = columns.outcome(row)
        return (outcome, columns.weight(outcome))
    }

    /// The levels behind a score.
    ///
    /// - Parameter row: the candidate's feature row.
    /// - Returns: `nil` where the bytes are no feature row.
    public func levels(_ row: UnsafeRawBufferPointer) -> LevelVector? { compared(row)?.levels }

    /// The levels behind a score, and what the frequencies of the names add to the adjusted alternative.
    ///
    /// - Parameter row: the candidate's feature row.
    /// - Returns: `nil` where the bytes are no feature row.
    public func evidence(_ row: UnsafeRawBufferPointer) -> (levels: LevelVector, adjustment: MatchWeight)? {
        compared(row).map { ($0.levels, MatchWeight(millibits: $0.bonus.sum)) }
    }

    /// The levels behind a score, and what the frequencies of the names add.
    func compared(_ row: UnsafeRawBufferPointer) -> (levels: LevelVector, bonus: Comparison.NameBonus)? {
        guard let base = row.baseAddress, candidate.pointee.index(row) else { return nil }
        complete()
        let comparison = comparison(base)
        var levels = LevelVector()
        comparison.firstLevels(into: &levels)
        let bonus = comparison.names(into: &levels)
        comparison.lastLevels(into: &levels)
        return (levels, bonus)
    }

    @inline(__always)
    private func comparison(_ base: UnsafeRawPointer) -> Comparison {
        Comparison(
            left: UnsafePointer(view),
            right: UnsafePointer(candidate),
            leftBytes: UnsafePointer(bytes),
            rightBytes: base.assumingMemoryBound(to: UInt8.self),
            tables: UnsafePointer(patterns),
            weights: UnsafePointer(weights),
            adjustments: adjustments,
            identifiers: identifiers
        )
    }

    @inline(__always)
    private func total(_ levels: LevelVector, _ bonus: Int32) -> Int32 {
        var lowest = Int32.max
        var index = 0
        while index < alternatives {
            let sum = weights[index].prior &+ levels.sum(weights + index)
            lowest = min(lowest, index == adjustments.alternative ? sum &+ bonus : sum)
            index &+= 1
        }
        return lowest
    }

    /// The most that the total can still become.
    @inline(__always)
    private func reachable(_ levels: LevelVector, _ rest: RemainingFields, bonus: Int32, names: Bool) -> Int32 {
        var lowest = Int32.max
        var index = 0
        while index < alternatives {
            let sum = weights[index].prior &+ levels.sum(weights + index) &+ rest.best(weights + index, names: names)
            lowest = min(lowest, index == adjustments.alternative ? sum &+ bonus : sum)
            index &+= 1
        }
        return lowest
    }
}
