/// How far two values of a field agree; one level has one weight for each alternative.
///
/// Missing values have no level: they are neutral. The raw value indexes the weight tables of a rule set and is kept
/// in encoded rule sets by name, so cases may be added.
public enum ComparisonLevel: UInt8, CaseIterable, Sendable, Codable {
    // Given name.
    case givenExact = 1, givenClose, givenVariant, givenPart, givenSimilar, givenInitial, givenSwapped
    case givenSwappedClose, givenRemnant, givenDifferent
    // Middle name.
    case middleExact, middleClose, middleInitial, middleDifferent
    // Family name.
    case familyExact, familyClose, familyPart, familySimilar, familyInitial, familySwapped, familySwappedClose
    case familyRemnant, familyDifferent
    // Birth date.
    case dateExact, dateDefault, dateSwapped, dateOneDigit, dateTwoDigits, dateYearMonth, dateYearDay, dateMonthDay
    case dateDefaultYear, dateYear, datePartial, dateNearYear, dateDifferent
    // Sex.
    case sexSame, sexDifferent
    // Identifier.
    case identifierExact, identifierClose, identifierSimilar, identifierDifferent
    // Phone.
    case phoneExact, phoneClose, phoneDifferent
    // E-mail.
    case emailExact, emailClose, emailLocal, emailSimilar, emailDifferent
    // Address.
    case addressExact, addressClose, addressStreet, addressPart, addressNumber, addressDifferent
    // Place.
    case placeExact, placePostal, placeCity, placeClose, placeDistrict, placeDifferent
    // Mother.
    case motherExact, motherClose, motherPart, motherDifferent
    // Source.
    case sourceSame, sourceDifferent

    /// One more than the largest raw value: the length of weight tables.
    public static let tableLength = Int(ComparisonLevel.sourceDifferent.rawValue) + 1

    /// The field the level belongs to.
    public var field: MatchField {
        switch self {
        case .givenExact, .givenClose, .givenVariant, .givenPart, .givenSimilar, .givenInitial, .givenSwapped,
            .givenSwappedClose, .givenRemnant, .givenDifferent:
            .givenName
        case .middleExact, .middleClose, .middleInitial, .middleDifferent: .middleName
        case .familyExact, .familyClose, .familyPart, .familySimilar, .familyInitial, .familySwapped,
            .familySwappedClose, .familyRemnant, .familyDifferent:
            .familyName
        case .dateExact, .dateDefault, .dateSwapped, .dateOneDigit, .dateTwoDigits, .dateYearMonth, .dateYearDay,
            .dateMonthDay, .dateDefaultYear, .dateYear, .datePartial, .dateNearYear, .dateDifferent:
            .birthDate
        case .sexSame, .sexDifferent: .sex
        case .identifierExact, .identifierClose, .identifierSimilar, .identifierDifferent: .identifier
        case .phoneExact, .phoneClose, .phoneDifferent: .phone
        case .emailExact, .emailClose, .emailLocal, .emailSimilar, .emailDifferent: .email
        case .addressExact, .addressClose, .addressStreet, .addressPart, .addressNumber, .addressDifferent: .address
        case .placeExact, .placePostal, .placeCity, .placeClose, .placeDistrict, .placeDifferent: .place
        case .motherExact, .motherClose, .motherPart, .motherDifferent: .mother
        case .sourceSame, .sourceDifferent: .source
        }
    }

    /// The name within its field, as in rule files.
    public var name: String {
        switch self {
        case .givenExact, .middleExact, .familyExact, .dateExact, .identifierExact, .phoneExact, .emailExact,
            .addressExact, .placeExact, .motherExact:
            "exact"
        case .givenClose, .middleClose, .familyClose, .identifierClose, .phoneClose, .emailClose, .addressClose,
            .placeClose, .motherClose:
            "close"
        case .givenDifferent, .middleDifferent, .familyDifferent, .dateDifferent, .sexDifferent, .identifierDifferent,
            .phoneDifferent, .emailDifferent, .addressDifferent, .placeDifferent, .motherDifferent, .sourceDifferent:
            "different"
        case .givenPart, .familyPart, .addressPart, .motherPart: "part"
        case .givenSimilar, .familySimilar, .identifierSimilar, .emailSimilar: "similar"
        case .givenInitial, .middleInitial, .familyInitial: "initial"
        case .givenSwapped, .familySwapped: "swapped"
        case .givenSwappedClose, .familySwappedClose: "swapped_close"
        case .givenRemnant, .familyRemnant: "remnant"
        case .givenVariant: "variant"
        case .dateDefault: "default"
        case .dateSwapped: "day_month_swapped"
        case .dateOneDigit: "one_digit"
        case .dateTwoDigits: "two_digits"
        case .dateYearMonth: "year_month"
        case .dateYearDay: "year_day"
        case .dateMonthDay: "month_day"
        case .dateDefaultYear: "default_year"
        case .dateYear: "year"
        case .datePartial: "partial"
        case .dateNearYear: "near_year"
        case .sexSame, .sourceSame: "same"
        case .emailLocal: "local_part"
        case .addressStreet: "street"
        case .addressNumber: "number"
        case .placePostal: "postal_code"
        case .placeCity: "city"
        case .placeDistrict: "district"
        }
    }
}
