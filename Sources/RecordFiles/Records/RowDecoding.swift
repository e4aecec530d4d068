import Demographics
import FHIR
import Identifiers
import JSON
import PatientMapping

/// Makes source records out of rows.
struct RowDecoding {
    /// Why a row is no record.
    struct Refusal: Error {
        let recordID: String?
        let reason: String
    }

    /// Most bytes in one field; the same as a FHIR text may have, so that every row that is read can be sent.
    static let fieldBytesMax = FHIRLimits.textBytes

    let fields: [RecordField?]
    /// Names the source of rows that do not say.
    let defaultSource: String
    /// The system of national identifiers.
    let nationalSystem: String
    /// How the column of birth dates is written.
    var dates = DateColumn()
    private let recordIDColumn: Int?

    init(fields: [RecordField?], defaultSource: String, nationalSystem: String) {
        self.fields = fields
        self.defaultSource = defaultSource
        self.nationalSystem = nationalSystem
        recordIDColumn = fields.firstIndex(of: .recordID)
    }

    func record(from row: CSVRow) throws(Refusal) -> SourceRecord {
        var parts = Parts()
        for (index, field) in fields.enumerated() {
            guard let field, !row.bytes(index).isEmpty else { continue }
            if let reason = fault(row.bytes(index)) {
                throw Refusal(recordID: recordID(of: row), reason: "\(field.rawValue): \(reason)")
            }
            parts.take(field == .birthDate ? dates.recorded(row.text(index)) : row.text(index), as: field)
        }
        guard !parts.recordID.isEmpty else { throw Refusal(recordID: nil, reason: "record_id: empty") }
        return parts.record(defaultSource: defaultSource, nationalSystem: nationalSystem)
    }

    /// The record's identifier for the report, when it can be shown.
    private func recordID(of row: CSVRow) -> String? {
        guard let recordIDColumn, fault(row.bytes(recordIDColumn)) == nil else { return nil }
        let text = row.text(recordIDColumn)
        return text.isEmpty ? nil : text
    }

    private func fault(_ bytes: ArraySlice<UInt8>) -> String? {
        guard bytes.count <= Self.fieldBytesMax else { return "longer than \(Self.fieldBytesMax) bytes" }
        guard UTF8Check.firstFault(in: bytes.span.bytes) == nil else { return "not valid UTF-8" }
        guard !bytes.contains(where: { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }) else {
            return "control characters are not allowed"
        }
        return nil
    }
}

/// The fields of one row, sorted into the parts of a record.
private struct Parts {
    var recordID = ""
    var source = ""
    var name = PersonName()
    var fullName = ""
    var sex = ""
    var birthDate = ""
    var birthYear = ""
    var birthMonth = ""
    var birthDay = ""
    var phone = ""
    var email = ""
    var nationalID = ""
    var motherName = ""
    var address = PostalAddress()

    mutating func take(_ text: String, as field: RecordField) {
        switch field {
        case .recordID: recordID = text
        case .source: source = text
        case .givenName: name.given = [text]
        case .middleName: name.middle = [text]
        case .familyName: name.family = text
        case .fullName: fullName = text
        case .sex: sex = Self.sex(text)
        case .birthDate: birthDate = text
        case .birthYear: birthYear = text
        case .birthMonth: birthMonth = text
        case .birthDay: birthDay = text
        case .phone: phone = text
        case .nationalID: nationalID = text
        case .email: email = text
        case .addressLine: address.line = text
        case .city: address.city = text
        case .district: address.district = text
        case .postalCode: address.postalCode = text
        case .motherName: motherName = text
        }
    }

    /// The two codes that every table uses, in FHIR's words; whatever else was recorded stays as it is.
    private static func sex(_ text: String) -> String {
        switch text {
        case "M", "m", "Male", "MALE": "male"
        case "F", "f", "Female", "FEMALE": "female"
        default: text
        }
    }

    /// A name that came as one text, `Family, Given Middle` or `Given Middle Family`, in its parts.
    private static func name(of text: String) -> PersonName {
        let halves = text.split(separator: ",", maxSplits: 1)
        var words = (halves.count == 2 ? halves[1] : halves.first ?? "").split(whereSeparator: \.isWhitespace)
        var name = PersonName()
        if halves.count == 2 {
            name.family = halves[0].split(whereSeparator: \.isWhitespace).joined(separator: " ")
        } else if let last = words.popLast() {
            name.family = String(last)
        }
        name.given = words.prefix(1).map(String.init)
        name.middle = words.count > 1 ? [words.dropFirst().joined(separator: " ")] : []
        return name
    }

    /// The birth date, or what its parts say.
    private var recordedBirthDate: String {
        guard birthDate.isEmpty else { return birthDate }
        if birthDay.isEmpty || birthMonth.isEmpty {
            return birthMonth.isEmpty || birthYear.isEmpty ? birthYear : "\(birthYear)-\(Self.padded(birthMonth))"
        }
        return birthYear.isEmpty ? "" : "\(birthYear)-\(Self.padded(birthMonth))-\(Self.padded(birthDay))"
    }

    private static func padded(_ number: String) -> String { number.utf8.count == 1 ? "0" + number : number }

    func record(defaultSource: String, nationalSystem: String) -> SourceRecord {
        var record = SourceRecord(key: RecordKey(source: source.isEmpty ? defaultSource : source, value: recordID))
        let name = self.name == PersonName() ? Self.name(of: fullName) : self.name
        if name != PersonName() { record.names = [name] }
        record.sex = sex
        record.birthDate = recordedBirthDate
        if !nationalID.isEmpty {
            let type = PatientMapping.nationalType
            record.identifiers = [PatientIdentifier(system: nationalSystem, value: nationalID, type: type)]
        }
        if !phone.isEmpty { record.contacts.append(ContactPoint(system: .phone, value: phone)) }
        if !email.isEmpty { record.contacts.append(ContactPoint(system: .email, value: email)) }
        if address != PostalAddress() { record.addresses = [address] }
        record.motherName = motherName
        return record
    }
}
