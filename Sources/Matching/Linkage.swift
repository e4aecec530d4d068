public import Identifiers

/// How the edges among several records become persons.
public enum Linkage: Sendable, Hashable {
    /// One edge joins two groups, however large.
    case single
    /// The mean over all pairs across two groups must reach the match threshold; a pair without a match edge counts as
    /// `absent` below the threshold.
    ///
    /// `growth` says what the sizes of the two groups add to the mean: row a, column b (b not above a) for groups of a
    /// and b records, counted from 1; larger groups count as the largest listed, and without rows sizes do not matter.
    case average(absent: MatchWeight, growth: [[MatchWeight]] = [])

    /// Most rows of `growth`.
    public static let growthLimit = 16

    /// What the sizes of groups add; empty where they do not matter.
    public var growth: [[MatchWeight]] {
        switch self {
        case .single: []
        case .average(_, let growth): growth
        }
    }
}

extension Linkage: Codable {
    private enum CodingKeys: String, CodingKey { case kind, absent, growth }

    /// Decodes a kind by its name.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        switch try container.decode(String.self, forKey: .kind) {
        case "single": self = .single
        case "average":
            let growth = try container.decodeIfPresent([[Int32]].self, forKey: .growth) ?? []
            self = .average(
                absent: MatchWeight(millibits: try container.decode(Int32.self, forKey: .absent)),
                growth: growth.map { $0.map { MatchWeight(millibits: $0) } }
            )
        default:
            throw DecodingError.dataCorruptedError(forKey: .kind, in: container, debugDescription: "unknown linkage")
        }
    }

    /// Encodes a kind by its name.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .single: try container.encode("single", forKey: .kind)
        case .average(let absent, let growth):
            try container.encode("average", forKey: .kind)
            try container.encode(absent.millibits, forKey: .absent)
            if !growth.isEmpty { try container.encode(growth.map { $0.map(\.millibits) }, forKey: .growth) }
        }
    }
}
