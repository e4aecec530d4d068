internal import Coordinator
internal import FHIR

/// A stored record and what its document says.
///
/// A reference: searches hand the same few on from step to step.
final class StoredPatient: Sendable {
    let record: StoredRecord
    let patient: Patient

    /// A record with its Patient as it is told.
    init(_ record: StoredRecord, as patient: Patient) {
        self.record = record
        self.patient = patient
    }

    /// Reads a record's document.
    ///
    /// - Throws: a 500 where the stored bytes are no Patient any more.
    convenience init(_ record: StoredRecord) throws(DoorFault) {
        let patient: Patient
        do throws(FHIRError) {
            patient = try Patient(decoding: record.document.span.bytes)
        } catch {
            throw DoorFault.unreadable(record.id)
        }
        self.init(record, as: patient)
    }
}
