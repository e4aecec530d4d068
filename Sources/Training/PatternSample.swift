public import Matching

/// Compared pairs by pattern: what the mixture is fitted to.
public struct PatternSample: Sendable {
    /// Each pattern once, in the order of its first pair.
    public private(set) var patterns: [LevelPattern] = []
    /// How many pairs of the population stand behind each pattern.
    public private(set) var weights: [Double] = []
    /// Pairs of which somebody said what they are.
    public private(set) var told: [Told] = []
    private var indexes: [LevelPattern: Int] = [:]

    /// A pair of which somebody said what it is.
    public struct Told: Sendable, Equatable {
        /// How it agrees.
        public var pattern: LevelPattern
        /// Whether it is of one person.
        public var isSame: Bool
        /// How many pairs of the population it stands for.
        public var weight: Double
    }

    /// How much more a pair counts of which somebody said what it is.
    ///
    /// People are asked about few, and not about easy ones.
    static let toldFactor = 5.0

    /// No pair yet.
    public init() {}

    /// Adds a pair of which somebody said what it is.
    public mutating func add(_ pattern: LevelPattern, isSame: Bool, weight: Double) {
        told.append(Told(pattern: pattern, isSame: isSame, weight: weight * PatternSample.toldFactor))
    }

    /// Adds a pair.
    ///
    /// - Parameters:
    ///   - pattern: how it agrees.
    ///   - weight: how many pairs of the population it stands for.
    /// - Returns: the pattern's position.
    @discardableResult
    public mutating func add(_ pattern: LevelPattern, weight: Double) -> Int {
        if let index = indexes[pattern] {
            weights[index] += weight
            return index
        }
        indexes[pattern] = patterns.count
        patterns.append(pattern)
        weights.append(weight)
        return patterns.count - 1
    }

    /// How many pairs of the population have a level, as far as keys found them.
    public func pairs(with level: ComparisonLevel) -> Double {
        let field = Int(level.field.rawValue)
        var sum = 0.0
        for (pattern, weight) in zip(patterns, weights) where pattern.level(field) == Int(level.rawValue) {
            sum += weight
        }
        return sum
    }
}
