public import Authorities
public import FHIR
public import HL7v2

/// A FHIR Patient as a segment PID.
public struct PatientWriting: Sendable {
    /// Who assigns identifiers.
    public let authorities: AuthorityRegistry

    /// Writes with the names of authorities.
    public init(authorities: AuthorityRegistry) { self.authorities = authorities }

    /// What a Patient says of the person: all fields but identifiers.
    public func segment(_ patient: Patient) -> HL7Segment {
        if let kept = KeptSegment.segment(of: patient) { return kept }
        var pid = HL7Segment("PID")
        pid.set(5, HL7Field(patient.names.map(XPN.repetition)))
        for item in patient.extensions where item.url == Patient.mothersMaidenNameURL {
            if case .text(let name) = item.value { pid.set(6, HL7Field([XPN.repetition(HumanName(text: name))])) }
        }
        if let date = patient.birthDate { pid.set(7, HL7Date.stamp(date)) }
        if let gender = patient.gender { pid.set(8, PatientWriting.code(gender)) }
        pid.set(11, HL7Field(patient.addresses.map(XAD.repetition)))
        let isWork: (ContactPoint) -> Bool = { $0.use == .work }
        pid.set(13, HL7Field(patient.telecom.filter { !isWork($0) && !$0.value.isEmpty }.map(XTN.repetition)))
        pid.set(14, HL7Field(patient.telecom.filter { isWork($0) && !$0.value.isEmpty }.map(XTN.repetition)))
        if let status = patient.maritalStatus?.codings.first?.code { pid.set(16, status) }
        switch patient.multipleBirth {
        case .boolean(let flag): pid.set(24, flag ? "Y" : "N")
        case .integer(let order):
            pid.set(24, "Y")
            pid.set(25, String(order))
        case nil: break
        }
        switch patient.deceased {
        case .boolean(let flag): pid.set(30, flag ? "Y" : "N")
        case .dateTime(let date):
            pid.set(29, HL7Date.stamp(date.date))
            pid.set(30, "Y")
        case nil: break
        }
        return pid
    }

    /// An identifier with all names of its domain.
    public func identifier(system: String, value: String, type: String = "") -> HL7Repetition {
        let domain = authorities.designator(system)
        return HL7Repetition([
            HL7Component(value), HL7Component(), HL7Component(),
            HL7Component(subcomponents: [domain.namespace, domain.universalID, domain.type]), HL7Component(type),
        ])
    }

    private static func code(_ gender: Patient.AdministrativeGender) -> String {
        switch gender {
        case .female: "F"
        case .male: "M"
        case .other: "O"
        case .unknown: "U"
        }
    }
}
