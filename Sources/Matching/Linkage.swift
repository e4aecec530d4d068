public import Identifiers

/// How the edges among several records become persons.
public enum Linkage: Sendable, Hashable {
    /// One edge joins two groups, however large.
    case single
    /// The mean over all pairs across two groups must reach the match threshold; a pair without a match edge counts as
    /// `absent` below the threshold.
    case average(absent: MatchWeight)
}

extension Linkage: Codable {
    private enum CodingKeys: String, CodingKey { case kind, absent }

    /// Decodes a kind by its name.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        switch try container.decode(String.self, forKey: .kind) {
        case "single": self = .single
        case "average":
            self = .average(absent: MatchWeight(millibits: try container.decode(Int32.self, forKey: .absent)))
        default:
            throw DecodingError.dataCorruptedError(forKey: .kind, in: container, debugDescription: "unknown linkage")
        }
    }

    /// Encodes a kind by its name.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .single: try container.encode("single", forKey: .kind)
        case .average(let absent):
            try container.encode("average", forKey: .kind)
            try container.encode(absent.millibits, forKey: .absent)
        }
    }
}
