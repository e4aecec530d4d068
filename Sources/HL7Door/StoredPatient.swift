internal import Coordinator
internal import FHIR
internal import HL7Mapping
internal import HL7v2

/// A stored record with its Patient.
struct StoredPatient {
    let record: StoredRecord
    let patient: Patient

    /// Reads the document of a record.
    init(_ record: StoredRecord) throws(Refusal) {
        self.record = record
        do throws(FHIRError) {
            patient = try Patient(decoding: record.document.span.bytes)
        } catch {
            let reason = "the stored document of record \(record.id) cannot be read: \(error)"
            throw .message(HL7Error(.internal, at: .segment("MSH"), reason))
        }
    }

    /// Whether another identifier took its place.
    var isSubsumed: Bool { patient.active == false && patient.links.contains { $0.kind == .replacedBy } }

    /// Identifiers of PID-18, -19 and -20 of earlier messages, whose fields are empty in this one.
    func identifiers(leftAloneBy pid: HL7Segment) -> [Identifier] {
        patient.identifiers.filter { identifier in
            let codes = identifier.type?.codings.map(\.code) ?? []
            return [(18, "AN"), (19, "SS"), (20, "DL")].contains { codes.contains($0.1) && pid.isEmpty($0.0) }
        }
    }
}
