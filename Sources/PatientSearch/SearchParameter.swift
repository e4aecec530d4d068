/// The search parameters of Patient that are understood: those of FHIR R4 that PDQm asks for, and more.
public enum SearchParameter: String, CaseIterable, Sendable {
    case id = "_id"
    case lastUpdated = "_lastUpdated"
    case active
    case address
    case addressCity = "address-city"
    case addressCountry = "address-country"
    case addressPostalCode = "address-postalcode"
    case addressState = "address-state"
    case addressUse = "address-use"
    case birthDate = "birthdate"
    case deathDate = "death-date"
    case deceased
    case email
    case family
    case gender
    case given
    case identifier
    case link
    case mothersMaidenName
    case name
    case organization
    case phone
    case telecom

    /// The types of parameters in the words of FHIR.
    public enum Kind: String, Sendable {
        case token, string, date, reference
    }

    /// What type of parameter it is; decides which modifiers it takes.
    public var kind: Kind {
        switch self {
        case .id, .active, .addressUse, .deceased, .email, .gender, .identifier, .phone, .telecom: .token
        case .address, .addressCity, .addressCountry, .addressPostalCode, .addressState, .family, .given,
            .mothersMaidenName, .name:
            .string
        case .lastUpdated, .birthDate, .deathDate: .date
        case .link, .organization: .reference
        }
    }

    /// The canonical URL of its definition.
    public var definition: String {
        switch self {
        case .id: "http://hl7.org/fhir/SearchParameter/Resource-id"
        case .lastUpdated: "http://hl7.org/fhir/SearchParameter/Resource-lastUpdated"
        case .mothersMaidenName:
            "http://hl7.org/fhir/SearchParameter/patient-extensions-Patient-mothersMaidenName"
        case .active, .deceased, .identifier, .link, .name, .organization:
            "http://hl7.org/fhir/SearchParameter/Patient-\(rawValue)"
        case .deathDate: "http://hl7.org/fhir/SearchParameter/Patient-death-date"
        default: "http://hl7.org/fhir/SearchParameter/individual-\(rawValue)"
        }
    }
}

/// What changes the meaning of a search parameter.
public enum SearchModifier: String, Sendable {
    case exact, contains, missing, not
}
