public import Matching

/// How pairs taken at random agree: the chance agreement of strangers, once the few persons among them are taken out.
public struct Background: Sendable {
    /// Random pairs with each level.
    private var counts = LevelTable()
    /// Random pairs counted.
    public private(set) var pairs = 0.0
    /// Random pairs of which not both know a given name, and a family name, and neither.
    private var withoutName = (given: 0.0, family: 0.0, both: 0.0)
    /// All pairs of the population.
    public let population: Double
    /// The random pairs by what both records know.
    private(set) var strata = Strata()

    /// Pretended pairs that keep a level that was never seen from being impossible.
    static let floor = 0.5

    /// Expects pairs from a number of records.
    public init(records: Int) {
        population = max(1, Double(records) * Double(records - 1) / 2)
    }

    /// Counts a random pair.
    public mutating func add(_ pattern: LevelPattern) {
        pairs += 1
        strata.add(pattern)
        for field in LevelTable.fields.indices {
            let level = pattern.level(field)
            if level != 0 { counts.values[level] += 1 }
        }
        let lacksGiven = pattern.level(Int(MatchField.givenName.rawValue)) == 0
        let lacksFamily = pattern.level(Int(MatchField.familyName.rawValue)) == 0
        if lacksGiven { withoutName.given += 1 }
        if lacksFamily { withoutName.family += 1 }
        if lacksGiven && lacksFamily { withoutName.both += 1 }
    }

    /// Takes over how many pairs of the whole population have a level, where these were counted and not sampled.
    ///
    /// Two strangers of one telephone number do not come up among a million random pairs, but the blocks of numbers
    /// hold every such pair.
    public mutating func settle(_ level: ComparisonLevel, population count: Double) {
        counts[level] = count * pairs / population
    }

    /// Share of pairs in which both records know a field.
    func known(_ field: Int) -> Double {
        guard pairs > 0 else { return 0 }
        return LevelTable.fields[field].reduce(0) { $0 + counts.values[$1] } / pairs
    }

    /// How far given and family name are unknown together, from 0 to 1: one record without a name lacks both.
    var namelessness: Double { withoutName.both / max(1, min(withoutName.given, withoutName.family)) }

    /// Share of random pairs with a level.
    func share(_ level: ComparisonLevel) -> Double { pairs > 0 ? counts[level] / pairs : 0 }

    /// How many pairs of the population a random one stands for.
    var scale: Double { population / max(pairs, 1) }

    /// The probability of each level among strangers.
    ///
    /// - Parameters:
    ///   - matches: estimated pairs of one person in the population.
    ///   - levels: their levels, each as the share of those pairs that have it.
    /// - Returns: probabilities; the levels of each group add up to one.
    func strangers(without matches: Double, levels: LevelTable?) -> LevelTable {
        var table = LevelTable()
        for field in LevelTable.groups {
            let share = Background.floor / Double(field.count)
            for level in field {
                let same = (levels?.values[level] ?? 0) * matches / scale
                table.values[level] = max(0, counts.values[level] - same) + share
            }
        }
        table.normalise()
        return table
    }
}
