public import Demographics

/// What a rule set says about kinds of identifier.
///
/// Two different numbers of a kind that is *unique* count against a pair and are guarded. Numbers of the other kinds
/// are issued again (a second registration, a new card): equal ones count, different ones say nothing.
public struct IdentifierRules: Sendable, Hashable {
    /// One bit for each kind that is unique, by raw value.
    let mask: UInt32

    /// States which kinds are unique.
    public init(unique: [IdentifierKind]) {
        mask = unique.reduce(0) { $0 | 1 &<< UInt32($1.rawValue) }
    }

    /// National numbers, passports, and numbers that do not say what they are.
    public static let standard = IdentifierRules(unique: [.unspecified, .national, .passport])

    /// The unique kinds in the order of their declaration.
    public var unique: [IdentifierKind] { IdentifierKind.allCases.filter(isUnique) }

    /// True where a person has one identifier of a kind.
    public func isUnique(_ kind: IdentifierKind) -> Bool { mask &>> UInt32(kind.rawValue) & 1 == 1 }
}

extension IdentifierRules: Codable {
    private enum CodingKeys: String, CodingKey { case unique }

    /// Decodes kinds by their names.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let names = try container.decode([String].self, forKey: .unique)
        let kinds = names.compactMap { name in IdentifierKind.allCases.first { $0.name == name } }
        guard kinds.count == names.count else {
            throw DecodingError.dataCorruptedError(forKey: .unique, in: container, debugDescription: "unknown kind")
        }
        self.init(unique: kinds)
    }

    /// Encodes kinds by their names.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(unique.map(\.name), forKey: .unique)
    }
}
