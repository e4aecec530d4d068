/// What a column of a table of patients may hold.
public enum RecordField: String, Sendable, Hashable, CaseIterable {
    /// The record's identifier within its source.
    case recordID = "record_id"
    /// The source.
    case source
    /// Given name.
    case givenName = "given_name"
    /// Middle name or initial.
    case middleName = "middle_name"
    /// Family name.
    case familyName = "family_name"
    /// Sex or gender, as recorded.
    case sex
    /// Birth date, as recorded.
    case birthDate = "birth_date"
    /// Telephone number.
    case phone
    /// National identifier.
    case nationalID = "national_id"
    /// E-mail address.
    case email
    /// Street, house number, village, plot.
    case addressLine = "address_line"
    /// City or town.
    case city
    /// District or state.
    case district
    /// Postal code.
    case postalCode = "postal_code"
    /// The mother's name.
    case motherName = "mother_name"

    /// The field that a column name means; case, `_`, `-` and spaces do not matter.
    public init?(columnName: String) {
        let name = Self.plain(columnName)
        guard let field = Self.allCases.first(where: { Self.plain($0.rawValue) == name }) else { return nil }
        self = field
    }

    static func plain(_ name: String) -> String {
        name.lowercased().filter { $0 != "_" && $0 != "-" && !$0.isWhitespace }
    }
}
