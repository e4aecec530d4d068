public import Demographics
public import Identifiers

/// One record of an invented population, with the truth about whose it is.
public struct SyntheticRecord: Hashable, Sendable {
    /// Unique in the population; says nothing about the person.
    public var recordID = ""
    /// The facility the record comes from.
    public var source = ""
    /// The truth: records of one person share it.
    public var entityID = ""
    /// First given name as recorded.
    public var givenName = ""
    /// Further given name or an initial.
    public var middleName = ""
    /// Family name as recorded.
    public var familyName = ""
    /// As the facility writes it.
    public var sex = ""
    /// `YYYY-MM-DD`, seldom partial or impossible.
    public var birthDate = ""
    /// National or international form.
    public var phone = ""
    /// In the format of the person's country.
    public var nationalIdentifier = ""
    /// Lower case.
    public var email = ""
    /// Street and number, village or box.
    public var addressLine = ""
    /// City.
    public var city = ""
    /// District or state.
    public var district = ""
    /// Five digits.
    public var postalCode = ""
    /// The mother's given and family name.
    public var motherName = ""

    /// Starts an empty record.
    public init() {}

    /// The columns of the CSV form, in order.
    public static let columns = [
        "record_id", "source", "entity_id", "given_name", "middle_name", "family_name", "sex", "birth_date", "phone",
        "national_id", "email", "address_line", "city", "district", "postal_code", "mother_name",
    ]

    /// What names the record to a registry.
    public var key: RecordKey { RecordKey(source: source, value: recordID) }

    /// Appends one CSV line (RFC 4180, line feed).
    public func appendCSV(to bytes: inout [UInt8]) {
        append(recordID, to: &bytes, end: SyntheticRecord.comma)
        append(source, to: &bytes, end: SyntheticRecord.comma)
        append(entityID, to: &bytes, end: SyntheticRecord.comma)
        append(givenName, to: &bytes, end: SyntheticRecord.comma)
        append(middleName, to: &bytes, end: SyntheticRecord.comma)
        append(familyName, to: &bytes, end: SyntheticRecord.comma)
        append(sex, to: &bytes, end: SyntheticRecord.comma)
        append(birthDate, to: &bytes, end: SyntheticRecord.comma)
        append(phone, to: &bytes, end: SyntheticRecord.comma)
        append(nationalIdentifier, to: &bytes, end: SyntheticRecord.comma)
        append(email, to: &bytes, end: SyntheticRecord.comma)
        append(addressLine, to: &bytes, end: SyntheticRecord.comma)
        append(city, to: &bytes, end: SyntheticRecord.comma)
        append(district, to: &bytes, end: SyntheticRecord.comma)
        append(postalCode, to: &bytes, end: SyntheticRecord.comma)
        append(motherName, to: &bytes, end: UInt8(ascii: "\n"))
    }

    private static let comma = UInt8(ascii: ",")
    private static let quote = UInt8(ascii: "\"")

    private func append(_ text: String, to bytes: inout [UInt8], end: UInt8) {
        let needsQuotes = text.utf8.contains { byte in
            byte == SyntheticRecord.comma || byte == SyntheticRecord.quote || byte == 10 || byte == 13
        }
        if needsQuotes {
            bytes.append(SyntheticRecord.quote)
            for byte in text.utf8 {
                if byte == SyntheticRecord.quote { bytes.append(byte) }
                bytes.append(byte)
            }
            bytes.append(SyntheticRecord.quote)
        } else {
            bytes.append(contentsOf: text.utf8)
        }
        bytes.append(end)
    }

    /// The record as a source would send it, without the truth.
    ///
    /// - Parameter identifierSystem: the system of national identifiers.
    /// - Returns: a record for the registry.
    public func sourceRecord(identifierSystem: String = "urn:tessera:national-id") -> SourceRecord {
        var record = SourceRecord(key: key)
        record.names = [
            PersonName(
                given: givenName.isEmpty ? [] : [givenName],
                middle: middleName.isEmpty ? [] : [middleName],
                family: familyName
            )
        ]
        record.sex = sex
        record.birthDate = birthDate
        if !nationalIdentifier.isEmpty {
            record.identifiers = [PatientIdentifier(system: identifierSystem, value: nationalIdentifier, type: "NI")]
        }
        if !phone.isEmpty { record.contacts.append(ContactPoint(system: .phone, value: phone)) }
        if !email.isEmpty { record.contacts.append(ContactPoint(system: .email, value: email)) }
        if !(addressLine.isEmpty && city.isEmpty && district.isEmpty && postalCode.isEmpty) {
            record.addresses = [
                PostalAddress(line: addressLine, city: city, district: district, postalCode: postalCode)
            ]
        }
        record.motherName = motherName
        return record
    }
}
