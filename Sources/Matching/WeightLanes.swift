/// The weights of a rule set with a lane for each alternative, ready to be added up for all of them at once.
struct WeightLanes: Sendable {
    /// One weight for each alternative.
    typealias Lanes = SIMD4<Int32>

    /// Above any sum of weights and far from overflow: the prior of lanes that no alternative takes.
    static let unused: Int32 = 1 << 29

    /// Log odds before any field is looked at.
    private(set) var prior = Lanes(repeating: WeightLanes.unused)
    /// By raw value of the level; entry 0, "missing", is 0.
    private(set) var levels: [Lanes]
    /// The most of each field, by raw value, and the same without the level "exact".
    private(set) var best = InlineArray<16, Lanes>(repeating: Lanes())
    private(set) var bestUnequal = InlineArray<16, Lanes>(repeating: Lanes())
    /// What names add by how alike they are.
    let names: NameLanes

    init(_ tables: [CompiledWeights.Table]) {
        levels = [Lanes](repeating: Lanes(), count: ComparisonLevel.tableLength)
        for (index, table) in tables.enumerated() {
            prior[index] = table.prior
            for level in levels.indices { levels[level][index] = table.levels[level] }
            for field in 0..<16 {
                best[field][index] = table.best[field]
                bestUnequal[field][index] = table.bestUnequal[field]
            }
        }
        names = NameLanes(levels)
    }

    @inline(__always)
    func best(_ field: MatchField) -> Lanes { best[Int(field.rawValue)] }
}

/// The weights of names by how alike they are.
struct NameLanes: Sendable {
    /// By `TextSimilarity`.
    var given = InlineArray<7, WeightLanes.Lanes>(repeating: .init())
    var family = InlineArray<7, WeightLanes.Lanes>(repeating: .init())
    private(set) var givenPart = WeightLanes.Lanes()
    private(set) var familyPart = WeightLanes.Lanes()
    /// By rank of a crossed comparison, each the most of it and all below; entry 0 is not used.
    private(set) var givenCrossed = InlineArray<4, WeightLanes.Lanes>(repeating: .init())
    private(set) var familyCrossed = InlineArray<4, WeightLanes.Lanes>(repeating: .init())

    init(_ levels: [WeightLanes.Lanes]) {
        func weight(_ level: ComparisonLevel) -> WeightLanes.Lanes { levels[Int(level.rawValue)] }
        let givenLevels: [ComparisonLevel] = [
            .givenDifferent, .givenRemnant, .givenInitial, .givenSimilar, .givenVariant, .givenClose, .givenExact,
        ]
        let familyLevels: [ComparisonLevel] = [
            .familyDifferent, .familyRemnant, .familyInitial, .familySimilar, .familyClose, .familyClose, .familyExact,
        ]
        for similarity in 0..<7 {
            given[similarity] = weight(givenLevels[similarity])
            family[similarity] = weight(familyLevels[similarity])
        }
        givenPart = weight(.givenPart)
        familyPart = weight(.familyPart)
        givenCrossed[1] = weight(.givenDifferent)
        givenCrossed[2] = pointwiseMax(weight(.givenSwappedClose), givenCrossed[1])
        givenCrossed[3] = pointwiseMax(weight(.givenSwapped), givenCrossed[2])
        familyCrossed[1] = weight(.familyDifferent)
        familyCrossed[2] = pointwiseMax(weight(.familySwappedClose), familyCrossed[1])
        familyCrossed[3] = pointwiseMax(weight(.familySwapped), familyCrossed[2])
    }
}
