public import Matching

/// One number for each comparison level, such as its probability; the levels of a field add up to one.
public struct LevelTable: Sendable, Equatable {
    /// By `ComparisonLevel.rawValue`.
    public var values: [Double]

    /// The levels of each field, by raw value.
    static let fields: [[Int]] = MatchField.allCases.map { field in field.levels.map { Int($0.rawValue) } }

    /// The same number everywhere.
    public init(repeating value: Double = 0) {
        values = [Double](repeating: value, count: ComparisonLevel.tableLength)
    }

    /// The number of a level.
    public subscript(level: ComparisonLevel) -> Double {
        get { values[Int(level.rawValue)] }
        set { values[Int(level.rawValue)] = newValue }
    }

    /// Lets the levels of each field add up to one; a field without any becomes even.
    mutating func normalise() {
        for levels in LevelTable.fields {
            let sum = levels.reduce(0) { $0 + values[$1] }
            for level in levels { values[level] = sum > 0 ? values[level] / sum : 1 / Double(levels.count) }
        }
    }
}
