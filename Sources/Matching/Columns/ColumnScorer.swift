/// A column model made ready to score: conditions read, weights worked out.
public struct ColumnScorer: Sendable {
    private struct Level: Sendable {
        var condition: ColumnExpression
        var bits: Double
        var frequencyColumn: Int?
        var frequencyWeight: Double
        var leastFrequency: Double
        var uBits: Double
    }

    private struct Rule: Sendable {
        var filters: [ColumnExpression]
        var comparisons: [[Level]]
        var source: PointRule
    }

    /// What one comparison of a pair gave.
    public struct Part: Sendable, Hashable {
        /// The comparison.
        public var name: String
        /// The level that held, by its condition or label; empty where none did.
        public var level: String
        /// What it adds, in bits or points.
        public var bits: Double
        /// The part of it that frequencies make.
        public var frequency: Double
    }

    /// What a pair gave.
    public struct Outcome: Sendable, Hashable {
        /// The sum: bits of a model that adds weights, points of a point rule.
        public var sum: Double
        /// The parts of the sum, in the order of the model.
        public var parts: [Part]
        /// For point rules: the rule that counted.
        public var rule: String?
        /// For point rules: what the rule decides.
        public var decision: Decision?
    }

    /// What point rules decide.
    public enum Decision: String, Sendable, Hashable {
        /// One person.
        case automatic
        /// Perhaps one person.
        case potential
        /// Nothing.
        case none
    }

    /// The names of the columns, in the order in which values are given.
    public let columns: [String]
    private let model: ColumnModel
    private let comparisons: [[Level]]
    private let rules: [Rule]
    /// Frequencies by column, in bits.
    private let frequencies: [Int: [String: Double]]

    /// Reads the conditions of a model.
    ///
    /// - Throws: `ColumnFault` that names the comparison and the condition.
    public init(_ model: ColumnModel) throws(ColumnFault) {
        self.model = model
        var parser = ColumnExpressionParser(columns: model.columns.keys.sorted())
        comparisons = try ColumnScorer.compiled(model.comparisons, &parser)
        var rules: [Rule] = []
        for rule in model.decisions ?? [] {
            var filters: [ColumnExpression] = []
            for filter in rule.filters {
                do throws(ColumnFault) {
                    filters.append(try parser.parse(filter))
                } catch {
                    throw ColumnFault("rule `\(rule.name)`, filter `\(filter)`: \(error)")
                }
            }
            rules.append(
                Rule(filters: filters, comparisons: try ColumnScorer.compiled(rule.comparisons, &parser), source: rule)
            )
        }
        self.rules = rules
        columns = parser.columns
        for column in columns where model.columns[column] == nil {
            throw ColumnFault("the column `\(column)` has no source: say what it is under `columns`")
        }
        var frequencies: [Int: [String: Double]] = [:]
        for (index, column) in columns.enumerated() {
            frequencies[index] = model.frequencies?[column]?.mapValues { Bits.log2($0) }
        }
        self.frequencies = frequencies
        let counts = model.comparisons.map(\.levels.count) + [model.comparisons.count, rules.count]
        guard counts.allSatisfy({ $0 <= ColumnModel.countLimit }) else {
            throw ColumnFault("more than \(ColumnModel.countLimit) comparisons, levels or rules")
        }
    }

    private static func compiled(
        _ comparisons: [ColumnModel.Comparison],
        _ parser: inout ColumnExpressionParser
    ) throws(ColumnFault) -> [[Level]] {
        var result: [[Level]] = []
        for comparison in comparisons {
            var levels: [Level] = []
            for level in comparison.levels {
                do throws(ColumnFault) {
                    let condition = try parser.parse(level.when)
                    var column: Int?
                    if let name = level.frequencyOf { column = try parser.index(of: name) }
                    levels.append(
                        Level(
                            condition: condition,
                            bits: level.bits,
                            frequencyColumn: column,
                            frequencyWeight: level.frequencyWeight ?? 1,
                            leastFrequency: Bits.log2(level.leastFrequency ?? 0),
                            uBits: (level.frequencyBase ?? level.u).map(Bits.log2) ?? 0
                        )
                    )
                } catch {
                    throw ColumnFault("comparison `\(comparison.name)`, level `\(level.when)`: \(error)")
                }
            }
            result.append(levels)
        }
        return result
    }

    /// Scores a pair of records, each as its values by `columns`; `nil` where unknown.
    public func outcome(_ left: [String?], _ right: [String?]) -> Outcome {
        guard !rules.isEmpty else {
            let parts = parts(comparisons, model.comparisons, left, right)
            return Outcome(sum: parts.reduce(model.prior) { $0 + $1.bits }, parts: parts)
        }
        var best = Outcome(sum: -.infinity, parts: [], decision: Decision.none)
        for rule in rules {
            guard rule.filters.allSatisfy({ $0.holds(left, right) }) else { continue }
            let parts = parts(rule.comparisons, rule.source.comparisons, left, right)
            let sum = parts.reduce(rule.source.base) { $0 + $1.bits }
            // Decimal points such as 100 + 2.3 must reach a threshold of 102.3.
            let points = sum + 1e-9
            let decision: Decision =
                points < rule.source.potential ? .none : points >= rule.source.automatic ? .automatic : .potential
            let found = Outcome(sum: sum, parts: parts, rule: rule.source.name, decision: decision)
            if ColumnScorer.rank(found) > ColumnScorer.rank(best) { best = found }
        }
        return best
    }

    private static func rank(_ outcome: Outcome) -> (Int, Double) {
        (outcome.decision == .automatic ? 2 : outcome.decision == .potential ? 1 : 0, outcome.sum)
    }

    private func parts(
        _ comparisons: [[Level]],
        _ sources: [ColumnModel.Comparison],
        _ left: [String?],
        _ right: [String?]
    ) -> [Part] {
        zip(comparisons, sources).map { levels, source in
            guard let index = levels.firstIndex(where: { $0.condition.holds(left, right) }) else {
                return Part(name: source.name, level: "", bits: 0, frequency: 0)
            }
            let frequency = frequency(levels[index], left, right)
            let level = source.levels[index]
            return Part(
                name: source.name,
                level: level.label ?? level.when,
                bits: levels[index].bits + frequency,
                frequency: frequency
            )
        }
    }

    /// log2(u / frequency) of the more frequent of the two values.
    private func frequency(_ level: Level, _ left: [String?], _ right: [String?]) -> Double {
        guard let column = level.frequencyColumn, let table = frequencies[column] else { return 0 }
        let found = [left[column], right[column]].compactMap { $0.flatMap { table[$0] } }
        guard let most = found.max() else { return 0 }
        let least = level.leastFrequency
        return (level.uBits - (least == 0 ? most : max(most, least))) * level.frequencyWeight
    }

    /// The most that a pair can weigh: bounds and floors cannot be better than this.
    var most: Double {
        guard rules.isEmpty else { return .infinity }
        return comparisons.reduce(model.prior) { sum, levels in
            sum
                + levels.reduce(0) { most, level in
                    let rarest = level.frequencyColumn.flatMap { frequencies[$0]?.values.min() }
                    let gain = rarest.map { max(0, (level.uBits - $0) * level.frequencyWeight) } ?? 0
                    return max(most, level.bits + gain)
                }
        }
    }
}

extension ColumnExpressionParser {
    /// The index of a column; it is added where it is new.
    mutating func index(of name: String) throws(ColumnFault) -> Int {
        guard case .column(let index, _) = try parse("\"\(name)_l\"") else {
            throw ColumnFault("`\(name)` is no column")
        }
        return index
    }
}
