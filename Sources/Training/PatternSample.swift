/// Compared pairs by pattern: what the mixture is fitted to.
public struct PatternSample: Sendable {
    /// Each pattern once, in the order of its first pair.
    public private(set) var patterns: [LevelPattern] = []
    /// How many pairs of the population stand behind each pattern.
    public private(set) var weights: [Double] = []
    private var indexes: [LevelPattern: Int] = [:]

    /// No pair yet.
    public init() {}

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
}
