public import Demographics
public import FHIR
import Identifiers

extension PatientMapping {
    /// The record as the bytes of a Patient; the same record gives the same bytes.
    public func encoded(_ record: SourceRecord) -> [UInt8] { patient(from: record).encoded() }

    /// The record as a Patient.
    ///
    /// Decoding gives the record back, provided that its names, contacts and addresses stand in the order of preference
    /// and no part of it is an empty text.
    public func patient(from record: SourceRecord) -> Patient {
        var patient = Patient()
        patient.identifiers = [Identifier(system: record.key.source, value: record.key.value)]
        patient.identifiers += record.identifiers.map(Self.identifier)
        patient.active = record.active
        patient.names = record.names.map(Self.humanName)
        patient.telecom = record.contacts.map(Self.telecom)
        patient.addresses = record.addresses.map(Self.address)
        if !record.motherName.isEmpty {
            patient.extensions.append(Extension(url: Patient.mothersMaidenNameURL, value: .text(record.motherName)))
        }
        Self.writeSex(record.sex, to: &patient)
        Self.writeDates(of: record, to: &patient)
        switch record.multipleBirth {
        case .known(let isMultiple): patient.multipleBirth = .boolean(isMultiple)
        case .order(let order): patient.multipleBirth = .integer(order)
        case nil: break
        }
        return patient
    }

    private static func writeSex(_ sex: String, to patient: inout Patient) {
        guard !sex.isEmpty else { return }
        patient.gender = Patient.AdministrativeGender(rawValue: sex) ?? gender(of: Sex(sex))
        guard patient.gender?.rawValue != sex else { return }
        patient.extensions.append(Extension(url: rawSexURL, value: .text(sex)))
    }

    private static func gender(of sex: Sex) -> Patient.AdministrativeGender? {
        switch sex {
        case .female: .female
        case .male: .male
        case .other: .other
        case .unknown: nil
        }
    }

    private static func writeDates(of record: SourceRecord, to patient: inout Patient) {
        if !record.birthDate.isEmpty {
            if let date = try? FHIRDate(parsing: record.birthDate) {
                patient.birthDate = date
            } else {
                patient.extensions.append(Extension(url: rawBirthDateURL, value: .text(record.birthDate)))
            }
        }
        if !record.deathDate.isEmpty {
            if let date = try? FHIRDateTime(parsing: record.deathDate) {
                patient.deceased = .dateTime(date)
            } else {
                patient.extensions.append(Extension(url: rawDeathDateURL, value: .text(record.deathDate)))
            }
        }
    }

    private static func identifier(_ identifier: PatientIdentifier) -> Identifier {
        let coding = Coding(system: Identifier.typeSystem, code: identifier.type)
        return Identifier(
            system: identifier.system,
            value: identifier.value,
            type: identifier.type.isEmpty ? nil : CodeableConcept(codings: [coding])
        )
    }

    private static func telecom(_ contact: Demographics.ContactPoint) -> FHIR.ContactPoint {
        let system: FHIR.ContactPoint.System =
            switch contact.system {
            case .phone: .phone
            case .email: .email
            case .other: .other
            }
        return FHIR.ContactPoint(system: system, value: contact.value)
    }

    private static func address(_ address: PostalAddress) -> Address {
        var result = Address()
        if !address.line.isEmpty { result.line = [address.line] }
        result.city = address.city
        result.district = address.district
        result.postalCode = address.postalCode
        result.country = address.country
        return result
    }
}
