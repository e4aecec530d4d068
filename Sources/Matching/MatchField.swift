/// A thing that two records are compared by; each gives one `ComparisonLevel` or nothing.
public enum MatchField: UInt8, CaseIterable, Sendable, Codable {
    /// The given name.
    case givenName = 0
    /// Middle names or initials.
    case middleName
    /// The family name.
    case familyName
    /// The birth date.
    case birthDate
    /// The sex.
    case sex
    /// Identifiers assigned by authorities.
    case identifier
    /// Phone numbers.
    case phone
    /// E-mail addresses.
    case email
    /// The address below the city.
    case address
    /// City, district and postal code.
    case place
    /// The mother's name.
    case mother
    /// The source that the record came from: sources differ in how often they know a person twice.
    case source

    /// The name in rule files.
    public var name: String {
        switch self {
        case .givenName: "given_name"
        case .middleName: "middle_name"
        case .familyName: "family_name"
        case .birthDate: "birth_date"
        case .sex: "sex"
        case .identifier: "identifier"
        case .phone: "phone"
        case .email: "email"
        case .address: "address"
        case .place: "place"
        case .mother: "mother_name"
        case .source: "source"
        }
    }

    /// What a record says of a person: all but the source, which nobody can ask for or correct.
    static let evidence: [MatchField] = MatchField.allCases.filter { $0 != .source }

    /// The levels a comparison of this field can give.
    public var levels: [ComparisonLevel] { ComparisonLevel.allCases.filter { $0.field == self } }
}
