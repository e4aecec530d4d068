import Authorities
import Demographics
public import FHIR
public import HL7v2
import PatientMapping

/// What a segment PID says, as a FHIR Patient.
///
/// The segment itself, without the patient's identifiers, is kept in the Patient: what FHIR has no place for comes back
/// in answers as it was sent, and an update of single fields knows what the others were.
public struct PatientReading: Sendable {
    /// Reads identifiers.
    public let identifiers: IdentifierReading
    /// The system of numbers in PID-19 that name no domain.
    public let nationalSystem: String

    /// Reads with the names of authorities.
    public init(identifiers: IdentifierReading, nationalSystem: String) {
        self.identifiers = identifiers
        self.nationalSystem = nationalSystem
    }

    /// The fields that hold identifiers of the patient, with the type that theirs are of; PID-3 comes first.
    static let identifierFields: [(field: Int, type: String)] = [(3, ""), (18, "AN"), (19, "SS"), (20, "DL")]

    /// The Patient that a segment describes.
    ///
    /// - Parameters:
    ///   - pid: the segment, with what an update leaves alone filled in already.
    ///   - own: the identifiers of PID-3.
    ///   - kept: identifiers of earlier messages that this one leaves alone.
    /// - Returns: the Patient, active.
    /// - Throws: `HL7Error` at the field that cannot be understood.
    public func patient(
        _ pid: HL7Segment,
        own: [AssignedIdentifier],
        kept: [Identifier] = []
    ) throws(HL7Error) -> Patient {
        var patient = Patient()
        patient.identifiers = try allIdentifiers(pid, own) + kept
        try limit(patient.identifiers.count, pid, 3)
        patient.active = true
        for cell in FieldCell.cells(pid, 5) {
            if let name = try XPN.name(cell) { patient.names.append(name) }
        }
        for cell in FieldCell.cells(pid, 9) {
            guard var alias = try XPN.name(cell) else { continue }
            alias.use = alias.use == .official || alias.use == nil ? .old : alias.use
            patient.names.append(alias)
        }
        try limit(patient.names.count, pid, 5)
        for cell in FieldCell.cells(pid, 6).prefix(1) {
            let mother = try XPN.text(cell)
            if !mother.isEmpty {
                patient.extensions.append(Extension(url: Patient.mothersMaidenNameURL, value: .text(mother)))
            }
        }
        try readPerson(pid, into: &patient)
        for cell in FieldCell.cells(pid, 11) {
            if let address = try XAD.address(cell) { patient.addresses.append(address) }
        }
        try limit(patient.addresses.count, pid, 11)
        for (field, use) in [(13, ContactPoint.Use.home), (14, .work)] {
            for cell in FieldCell.cells(pid, field) {
                if let contact = try XTN.contact(cell, use: use) { patient.telecom.append(contact) }
            }
        }
        try limit(patient.telecom.count, pid, 13)
        try KeptSegment.keep(pid, in: &patient)
        return patient
    }

    private func allIdentifiers(_ pid: HL7Segment, _ own: [AssignedIdentifier]) throws(HL7Error) -> [Identifier] {
        var result = own.map { identifier($0, type: "") }
        for (field, type) in PatientReading.identifierFields.dropFirst() {
            // Numbers without a domain are usual in these fields, and nothing is lost where theirs is not known.
            let reading = IdentifierReading(
                authorities: identifiers.authorities,
                missing: Authority(uri: field == 19 ? nationalSystem : "")
            )
            for one in try reading.identifiers(pid, field) { result.append(identifier(one, type: type)) }
        }
        var seen: Set<Identifier> = []
        return result.filter { seen.insert($0).inserted }
    }

    /// An identifier with its types; one of a domain that numbers the people of a nation is marked as such.
    private func identifier(_ one: AssignedIdentifier, type standard: String) -> Identifier {
        let type = one.type.isEmpty ? standard : one.type
        var codes = type.isEmpty ? [] : [type]
        let authority = identifiers.authorities.find(system: one.system)
        let isNational =
            IdentifierKind(type: type, system: one.system) == .national
            || IdentifierKind(type: "", system: authority?.name ?? "") == .national
        if isNational, !codes.contains(PatientMapping.nationalType) { codes.insert(PatientMapping.nationalType, at: 0) }
        let codings = codes.map { Coding(system: Identifier.typeSystem, code: $0) }
        var result = Identifier(
            system: one.system,
            value: one.value,
            type: codings.isEmpty ? nil : CodeableConcept(codings: codings)
        )
        result.assigner = authority?.display ?? ""
        return result
    }

    private func limit(_ count: Int, _ pid: HL7Segment, _ field: Int) throws(HL7Error) {
        guard count < FHIRLimits.repetitions else {
            throw HL7Error(.dataType, at: HL7Location(pid.name, field: field), "too many repetitions")
        }
    }

    private func readPerson(_ pid: HL7Segment, into patient: inout Patient) throws(HL7Error) {
        if let cell = FieldCell.cells(pid, 7).first {
            let text = try cell.text(1)
            guard let date = HL7Date.date(text) else {
                throw cell.fault(.dataType, 1, "not a date of the form YYYY[MM[DD]]")
            }
            patient.birthDate = date
        }
        if let cell = FieldCell.cells(pid, 8).first { patient.gender = try gender(cell) }
        if let cell = FieldCell.cells(pid, 16).first {
            let code = try cell.text(1)
            let system = "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus"
            if !code.isEmpty {
                patient.maritalStatus = CodeableConcept(codings: [Coding(system: system, code: code)])
            }
        }
        if let cell = FieldCell.cells(pid, 24).first {
            patient.multipleBirth = .boolean(try flag(cell))
        }
        if let cell = FieldCell.cells(pid, 25).first {
            guard let order = Int(try cell.text(1)), (1...99).contains(order) else {
                throw cell.fault(.dataType, 1, "the order of birth is a number from 1")
            }
            if patient.multipleBirth != .boolean(false) { patient.multipleBirth = .integer(order) }
        }
        if let cell = FieldCell.cells(pid, 30).first { patient.deceased = .boolean(try flag(cell)) }
        if let cell = FieldCell.cells(pid, 29).first {
            guard let date = HL7Date.date(try cell.text(1)) else {
                throw cell.fault(.dataType, 1, "not a date of the form YYYY[MM[DD]]")
            }
            if patient.deceased != .boolean(false) { patient.deceased = .dateTime(FHIRDateTime(date)) }
        }
    }

    /// Table 0001, and the words that some systems send.
    private func gender(_ cell: FieldCell) throws(HL7Error) -> Patient.AdministrativeGender? {
        switch try cell.text(1).uppercased() {
        case "": nil
        case "F", "FEMALE": .female
        case "M", "MALE": .male
        case "O", "A", "N", "OTHER": .other
        case "U", "UNKNOWN": .unknown
        default: throw cell.fault(.tableValue, 1, "the sex is one of F, M, O, U, A, N")
        }
    }

    /// Table 0136.
    private func flag(_ cell: FieldCell) throws(HL7Error) -> Bool {
        switch try cell.text(1).uppercased() {
        case "Y", "1", "TRUE": true
        case "N", "0", "FALSE", "": false
        default: throw cell.fault(.tableValue, 1, "must be Y or N")
        }
    }
}
