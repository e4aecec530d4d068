import Matching

/// Random pairs told apart by which fields both records know and whether they come from one source.
///
/// Sources differ in what they write down: one has full middle names and birth dates, another initials and addresses.
/// So how strangers agree in one field goes with which other fields are there. Where strangers were taken to agree
/// independently, more of them agreed in given name and initial than they should, and the class of persons grew by
/// what was left over.
struct Strata: Sendable {
    /// Strata: a bit for each field but the source, and one for two records of one source.
    static let count = 1 << (LevelTable.fields.count)
    /// Random pairs that a stratum must have to be looked at by itself.
    static let leastPairs = 1_000.0
    /// Most strata looked at by themselves, the largest ones.
    static let limit = 64
    /// Pretended pairs that agree in a stratum as they do everywhere.
    static let priorPairs = 10.0

    /// Fields that go with the given name, whoever has it.
    static let withGivenName: [MatchField] = [.sex, .middleName]

    private static let source = Int(MatchField.source.rawValue)

    /// Pairs by stratum.
    private var pairs = [Double](repeating: 0, count: count)
    /// Pairs by stratum and level, a row of levels for each stratum.
    private var counts = [Double](repeating: 0, count: count * ComparisonLevel.tableLength)
    /// The same for the pairs of one given name.
    private var alike = [Double](repeating: 0, count: count * ComparisonLevel.tableLength)

    /// The stratum of a pair.
    static func number(_ pattern: LevelPattern) -> Int {
        var number = 0
        for field in 0..<source where pattern.level(field) != 0 { number |= 1 << field }
        if pattern.level(source) == Int(ComparisonLevel.sourceSame.rawValue) { number |= 1 << source }
        return number
    }

    /// Whether the given names of a pair are one.
    static func isAlike(_ pattern: LevelPattern) -> Bool {
        let level = pattern.level(Int(MatchField.givenName.rawValue))
        return level != 0 && level <= Int(ComparisonLevel.givenVariant.rawValue)
    }

    /// Counts a random pair.
    mutating func add(_ pattern: LevelPattern) {
        let number = Strata.number(pattern)
        pairs[number] += 1
        let row = number * ComparisonLevel.tableLength
        let isAlike = Strata.isAlike(pattern)
        for field in LevelTable.fields.indices {
            counts[row + pattern.level(field)] += 1
            if isAlike { alike[row + pattern.level(field)] += 1 }
        }
    }

    /// The strata with enough pairs, in ascending order.
    var large: [Int] {
        let enough = pairs.indices.filter(isLarge)
        return enough.sorted { (pairs[$1], $0) < (pairs[$0], $1) }.prefix(Strata.limit).sorted()
    }

    /// The probability of each level among the strangers of a stratum.
    ///
    /// - Parameters:
    ///   - number: the stratum.
    ///   - same: pairs of one person among its random pairs, by level.
    ///   - all: the probabilities among all strangers.
    /// - Returns: probabilities; the levels of each group add up to one.
    func strangers(_ number: Int, without same: [Double], all: LevelTable) -> LevelTable {
        let row = number * ComparisonLevel.tableLength
        return Strata.tilted(all, LevelTable.groups) { counts[row + $0] - same[$0] }
    }

    /// The same among those of one given name.
    ///
    /// - Parameters:
    ///   - number: the stratum; `nil` for all that are not looked at by themselves.
    ///   - same: pairs of one person and one given name among its random pairs, by level.
    ///   - table: the probabilities among the strangers of the stratum.
    /// - Returns: probabilities; the levels of each group add up to one.
    func namesakes(_ number: Int?, without same: [Double], of table: LevelTable) -> LevelTable {
        let groups = Strata.withGivenName.flatMap { LevelTable.groups(of: $0) }
        let numbers = number.map { [$0] } ?? Strata.all.filter { !isLarge($0) }
        return Strata.tilted(table, groups) { level in
            numbers.reduce(-same[level]) { $0 + alike[$1 * ComparisonLevel.tableLength + level] }
        }
    }

    private static let all = [Int](0..<count)

    private func isLarge(_ number: Int) -> Bool { pairs[number] >= Strata.leastPairs }

    /// Probabilities moved to where the counted pairs are, as far as these are many.
    private static func tilted(_ table: LevelTable, _ groups: [[Int]], _ counted: (Int) -> Double) -> LevelTable {
        var tilted = table
        for levels in groups {
            let left = levels.map { max(0, counted($0)) }
            let sum = left.reduce(0, +)
            for (level, left) in zip(levels, left) {
                tilted.values[level] *= (left + priorPairs) / (sum * table.values[level] + priorPairs)
            }
        }
        tilted.normalise()
        return tilted
    }
}
