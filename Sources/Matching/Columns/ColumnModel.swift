/// Comparison by columns: what models of other systems state, scored as those systems score.
///
/// Tessera's own rules compare persons by fields and levels of its own. A model that comes from elsewhere compares
/// columns by named algorithms at thresholds; it is kept as it was written and scored exactly, so that the same pair
/// gives the same decision here and there.
public struct ColumnModel: Sendable, Hashable, Codable {
    /// One comparison: its levels are tried in order, the first that holds counts.
    public struct Comparison: Sendable, Hashable, Codable {
        /// The name.
        public var name: String
        /// The levels in order; where none holds the comparison adds nothing.
        public var levels: [Level]

        /// Makes a comparison.
        public init(name: String, levels: [Level]) {
            self.name = name
            self.levels = levels
        }
    }

    /// One level of a comparison.
    public struct Level: Sendable, Hashable, Codable {
        /// The condition as `ColumnExpressionParser` reads it.
        public var when: String
        /// What charts call it.
        public var label: String?
        /// True for the level of missing values: it weighs nothing.
        public var isMissing: Bool?
        /// Share of the pairs of one person at this level.
        public var m: Double?
        /// Share of the other pairs.
        public var u: Double?
        /// The weight where it is not log2(m/u), for example points of a deterministic rule.
        public var weight: Double?
        /// The column whose frequency replaces u.
        public var frequencyOf: String?
        /// The share that the frequency replaces where it is not this level's u: that of exact agreement.
        public var frequencyBase: Double?
        /// How much of that replacement counts; 1 where nothing is said.
        public var frequencyWeight: Double?
        /// The least frequency that counts.
        public var leastFrequency: Double?

        /// Makes a level with a condition.
        public init(when: String) { self.when = when }

        /// What the level weighs without frequencies, in bits.
        public var bits: Double {
            if isMissing == true { return 0 }
            if let weight { return weight }
            guard let m, let u, m > 0, u > 0 else { return 0 }
            return Bits.log2(m) - Bits.log2(u)
        }
    }

    /// Where the value of each column comes from, by the column's name.
    public var columns: [String: ColumnSource]
    /// Log odds before anything is compared, in bits.
    public var prior: Double
    /// The comparisons; their levels' weights are added up.
    public var comparisons: [Comparison]
    /// Rules that decide by points instead, each with thresholds of its own; empty in a model that adds weights.
    public var decisions: [PointRule]?
    /// How often each value of a column occurs, as a share of all records, frozen with the model.
    public var frequencies: [String: [String: Double]]?

    /// Most comparisons, levels of one, and point rules.
    public static let countLimit = 64

    /// Makes a model.
    public init(
        columns: [String: ColumnSource],
        prior: Double,
        comparisons: [Comparison],
        decisions: [PointRule]? = nil,
        frequencies: [String: [String: Double]]? = nil
    ) {
        self.columns = columns
        self.prior = prior
        self.comparisons = comparisons
        self.decisions = decisions
        self.frequencies = frequencies
    }
}

/// Rules that decide by the points of the fields that agree: deterministic, or summed weights with a base.
public struct PointRule: Sendable, Hashable, Codable {
    /// The name in explanations.
    public var name: String
    /// Points before any field is looked at.
    public var base: Double
    /// Conditions that must hold before anything is scored.
    public var filters: [String]
    /// The fields, whose points are added up.
    public var comparisons: [ColumnModel.Comparison]
    /// From here on a pair may be one person.
    public var potential: Double
    /// From here on a pair is one person.
    public var automatic: Double

    /// Makes a rule.
    public init(
        name: String,
        base: Double,
        filters: [String],
        comparisons: [ColumnModel.Comparison],
        potential: Double,
        automatic: Double
    ) {
        self.name = name
        self.base = base
        self.filters = filters
        self.comparisons = comparisons
        self.potential = potential
        self.automatic = automatic
    }
}
