public import Identifiers

/// What a rule set says about guards: the facts that forbid to join two persons, however high an edge weighs.
public struct GuardRules: Sendable, Hashable {
    /// What it takes to pass a guard.
    public enum Strictness: Sendable, Hashable {
        /// The guard is not asked.
        case off
        /// The guard forbids unless a direct edge exceeds the match threshold by this much.
        case unless(margin: MatchWeight)
        /// Only a steward passes the guard.
        case always
    }

    /// Two different identifiers of one authority.
    public var differentIdentifiers = Strictness.off
    /// Different order of birth among twins.
    public var differentBirthOrder = Strictness.off
    /// Different sex and different given name.
    public var differentSexAndName = Strictness.off
    /// Birth dates that agree in no part, and different given names.
    public var contradictingBirthDates = Strictness.off

    /// No guard at all.
    public init() {}

    /// The guards by their names in rule files.
    public static let all: [(name: String, guard: any WritableKeyPath<GuardRules, Strictness> & Sendable)] = [
        ("different_identifiers", \.differentIdentifiers),
        ("different_birth_order", \.differentBirthOrder),
        ("different_sex_and_name", \.differentSexAndName),
        ("contradicting_birth_dates", \.contradictingBirthDates),
    ]
}

extension GuardRules: Codable {
    /// Decodes strictness by the guards' names; a guard that is not named is off.
    public init(from decoder: any Decoder) throws {
        let named = try decoder.singleValueContainer().decode([String: Strictness].self)
        var known = 0
        for (name, path) in GuardRules.all {
            guard let strictness = named[name] else { continue }
            self[keyPath: path] = strictness
            known += 1
        }
        guard known == named.count else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "unknown guard"))
        }
    }

    /// Encodes strictness by the guards' names.
    public func encode(to encoder: any Encoder) throws {
        var named = [String: Strictness]()
        for (name, path) in GuardRules.all { named[name] = self[keyPath: path] }
        var container = encoder.singleValueContainer()
        try container.encode(named)
    }
}

extension GuardRules.Strictness: Codable {
    /// Decodes `off`, `always` or a number of millibits.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let margin = try? container.decode(Int32.self) {
            self = .unless(margin: MatchWeight(millibits: margin))
            return
        }
        switch try container.decode(String.self) {
        case "off": self = .off
        case "always": self = .always
        default: throw DecodingError.dataCorruptedError(in: container, debugDescription: "unknown strictness")
        }
    }

    /// Encodes `off`, `always` or a number of millibits.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .off: try container.encode("off")
        case .always: try container.encode("always")
        case .unless(let margin): try container.encode(margin.millibits)
        }
    }
}
