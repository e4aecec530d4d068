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
    /// The whole name as one text, `FAMILY, Given` or `Given Family`; read where neither is a column of its own.
    case fullName = "full_name"
    /// Sex or gender, as recorded.
    case sex
    /// Birth date, as recorded.
    case birthDate = "birth_date"
    /// Year of birth; with month and day it stands in for a birth date that is missing.
    case birthYear = "birth_year"
    /// Month of birth, a number or a name.
    case birthMonth = "birth_month"
    /// Day of the month of birth.
    case birthDay = "birth_day"
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

    /// The field that a column is named after; case, `_`, `-` and spaces do not matter.
    public init?(columnName: String) {
        let name = Self.plain(columnName)
        guard let field = Self.allCases.first(where: { Self.plain($0.rawValue) == name }) else { return nil }
        self = field
    }

    /// The field that a column means by a name that others use for it, such as `Surname` or `dob`.
    init?(customName: String) {
        guard let field = Self.customs[Self.plain(customName)] else { return nil }
        self = field
    }

    static func plain(_ name: String) -> String {
        name.lowercased().filter { $0 != "_" && $0 != "-" && !$0.isWhitespace }
    }

    /// Names in use elsewhere, plain.
    ///
    /// None that could be the name of a person's number, which may be the truth of a test set.
    private static let customs: [String: RecordField] = {
        let names: [(RecordField, String)] = [
            (.recordID, "id recid recordno recordnumber uniqueid patientid mrn"),
            (.source, "sourcesystem sourcedataset dataset facility"),
            (.givenName, "given givennames firstname firstnames forename forenames fname prenom"),
            (.middleName, "middle middlenames middleinitial mname othername othernames secondname"),
            (.familyName, "family familynames lastname lastnames surname surnames lname nomdefamille"),
            (.fullName, "name personname patientname"),
            (.sex, "gender"),
            (.birthDate, "dob dateofbirth birthdt bdate datedenaissance"),
            (.birthYear, "yearofbirth yob"),
            (.birthMonth, "monthofbirth"),
            (.birthDay, "dayofbirth"),
            (.phone, "phonenumber phoneno telephone telephonenumber tel mobile mobilenumber mobilephone cellphone"),
            (.nationalID, "nationalidentifier nationalidnumber nin nid ssn socialsecuritynumber socsecid"),
            (.email, "emailaddress mail"),
            (.addressLine, "address addressline1 address1 street streetaddress residentialaddress"),
            (.city, "town village suburb municipality locality"),
            (.district, "state county province region"),
            (.postalCode, "postcode zip zipcode"),
            (.motherName, "mother mothersname mothermaidenname mothersmaidenname"),
            (.recordID, "voterid registrationnumber"),
            (.givenName, "prenoms primeironome primernombre"),
            (.middleName, "fathername fathersname patronymic"),
            (.familyName, "sobrenome apellido apellidos"),
            (.fullName, "nomecompleto nombrecompleto"),
            (.sex, "sexo sexe"),
            (.birthDate, "datanascimento datadenascimento fechanacimiento fechadenacimiento"),
            (.phone, "telefone telefono"),
            (.nationalID, "cpf aadhaar"),
            (.addressLine, "endereco direccion"),
            (.city, "parish birthplace municipio ciudad cidade"),
            (.motherName, "nomedamae nomemae"),
        ]
        var fields: [String: RecordField] = [:]
        for (field, words) in names {
            for word in words.split(separator: " ") { fields[String(word)] = field }
        }
        return fields
    }()
}
