/// One innocent explanation of an agreement: the two records are of two strangers, or of two members of a family.
///
/// Fellegi and Sunter compare "same person" with one alternative. Relatives share family name, address, phone and
/// mother by nature, so against them those fields prove nothing; given name, birth date and sex do. A pair scores as
/// the *least* favourable alternative says: it must be implausible for strangers and for relatives.
public struct Alternative: Sendable, Codable, Hashable {
    /// The name in rule files and explanations.
    public var name: String
    /// log2 of the odds, before any field is looked at, that a candidate is the person rather than this.
    public var prior: Int32
    /// Weight of each level in millibits, by `ComparisonLevel.rawValue`.
    public var weights: [Int32]

    /// Makes an alternative.
    public init(name: String, prior: Int32, weights: [Int32]) {
        self.name = name
        self.prior = prior
        self.weights = weights
    }

    /// Whether it matters if two records come from one source.
    ///
    /// Rules that do not ask are encoded without it, as they were before there was such a field.
    var weighsSource: Bool { MatchField.source.levels.contains { weights[Int($0.rawValue)] != 0 } }

    private enum CodingKeys: String, CodingKey { case name, prior, weights }

    /// Decodes weights by their names.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        prior = try container.decode(Int32.self, forKey: .prior)
        let named = try container.decode([String: Int32].self, forKey: .weights)
        weights = [Int32](repeating: 0, count: ComparisonLevel.tableLength)
        var known = 0
        for level in ComparisonLevel.allCases {
            guard let weight = named[Alternative.key(level)] else { continue }
            weights[Int(level.rawValue)] = weight
            known += 1
        }
        guard known == named.count else {
            throw DecodingError.dataCorruptedError(forKey: .weights, in: container, debugDescription: "unknown level")
        }
    }

    /// Encodes weights by their names.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(prior, forKey: .prior)
        var named = [String: Int32]()
        for level in ComparisonLevel.allCases where level.field != .source || weighsSource {
            named[Alternative.key(level)] = weights[Int(level.rawValue)]
        }
        try container.encode(named, forKey: .weights)
    }

    private static func key(_ level: ComparisonLevel) -> String { "\(level.field.name).\(level.name)" }
}
