public import Matching

/// One number for each comparison level, such as its probability; the levels of a group add up to one.
public struct LevelTable: Sendable, Equatable {
    /// By `ComparisonLevel.rawValue`.
    public var values: [Double]

    /// The levels of each field, by raw value.
    static let fields: [[Int]] = MatchField.allCases.map { field in field.levels.map { Int($0.rawValue) } }

    /// Levels whose probabilities add up to one: those of a field, but of the family name apart those that say it
    /// changed places with the given name.
    ///
    /// Where the family name does so, the given name does, and has said what that is worth: the family name is only
    /// asked how well the two agree then. Counted as two wonders, a swap of strangers' names would be one in a million.
    static let groups: [[Int]] = MatchField.allCases.flatMap { groups(of: $0) }

    /// The groups of a field's levels, by raw value.
    static func groups(of field: MatchField) -> [[Int]] {
        let swapped: Set<ComparisonLevel> = [.familySwapped, .familySwappedClose]
        let parts = [field.levels.filter { !swapped.contains($0) }, field.levels.filter { swapped.contains($0) }]
        return parts.filter { !$0.isEmpty }.map { $0.map { Int($0.rawValue) } }
    }

    /// The same number everywhere.
    public init(repeating value: Double = 0) {
        values = [Double](repeating: value, count: ComparisonLevel.tableLength)
    }

    /// The number of a level.
    public subscript(level: ComparisonLevel) -> Double {
        get { values[Int(level.rawValue)] }
        set { values[Int(level.rawValue)] = newValue }
    }

    /// Lets the levels of each group add up to one; a group without any becomes even.
    mutating func normalise() {
        for levels in LevelTable.groups {
            let sum = levels.reduce(0) { $0 + values[$1] }
            for level in levels { values[level] = sum > 0 ? values[level] / sum : 1 / Double(levels.count) }
        }
    }
}
