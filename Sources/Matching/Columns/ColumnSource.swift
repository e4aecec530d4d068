/// Which value of a person a column is.
public struct ColumnSource: Sendable, Hashable, Codable {
    /// The kinds of value, by their names in rule files.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        case givenName = "given_name"
        case middleName = "middle_name"
        case familyName = "family_name"
        case fullName = "full_name"
        case birthDate = "birth_date"
        case birthYear = "birth_year"
        case sex
        case identifier
        case phone
        case email
        case addressLine = "address_line"
        case city
        case district
        case postalCode = "postal_code"
        case motherName = "mother_name"
    }

    /// The kind of value.
    public var kind: Kind
    /// The system of an identifier; `nil` takes the first identifier.
    public var system: String?

    /// Names a source.
    public init(_ kind: Kind, system: String? = nil) {
        self.kind = kind
        self.system = system
    }

    /// What a column of some name most likely is.
    ///
    /// - Returns: `nil` where the name says nothing.
    public init?(named name: String) {
        let plain = String(name.lowercased().filter { $0.isLetter || $0.isNumber })
        guard let kind = ColumnSource.usual.first(where: { $0.names.contains(plain) })?.kind else { return nil }
        self.init(kind)
    }

    private static let usual: [(kind: Kind, names: Set<String>)] = [
        (.givenName, ["givenname", "given", "firstname", "forename", "fname", "first", "givennames"]),
        (.middleName, ["middlename", "middle", "secondname", "mname", "othernames", "othername"]),
        (.familyName, ["familyname", "family", "surname", "lastname", "lname", "last"]),
        (.fullName, ["fullname", "name"]),
        (.birthDate, ["birthdate", "dob", "dateofbirth", "born", "birthday"]),
        (.birthYear, ["birthyear", "yearofbirth", "yob"]),
        (.sex, ["sex", "gender"]),
        (.identifier, ["nationalid", "nid", "nin", "identifier", "ssn", "nationalidentifier", "socsecid", "idnumber"]),
        (.phone, ["phone", "phonenumber", "telephone", "tel", "mobile", "phone1", "telecom", "contact"]),
        (.email, ["email", "emailaddress", "mail"]),
        (.addressLine, ["address", "addressline", "address1", "street", "line", "streetaddress", "village"]),
        (.city, ["city", "town", "suburb"]),
        (.district, ["district", "state", "county", "region", "province"]),
        (.postalCode, ["postalcode", "postcode", "zip", "zipcode", "postcodefake"]),
        (.motherName, ["mothername", "mother", "mothersname", "mothersmaidenname", "mothermaidenname"]),
    ]
}
