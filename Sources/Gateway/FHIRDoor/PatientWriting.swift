internal import Access
internal import Coordinator
internal import Entrance
internal import FHIR
internal import Identifiers

extension DoorCall {
    /// Whether what was written may be answered: it is the document as it was sent.
    var maySeeWritten: Bool { grant.view != .identifiers }

    /// Carries out one write and answers it.
    func carryOut(_ write: PatientWrite) async throws(DoorFault) -> DoorAnswer {
        let preference = ReturnPreference(request) ?? .representation
        let result = try await result(of: write, withPatient: preference == .representation && maySeeWritten)
        return result.answer(self)
    }

    /// Carries out one write; where the record says that another took its place, the two are joined.
    func result(of write: PatientWrite, withPatient: Bool) async throws(DoorFault) -> WriteResult {
        guard write.submission.isReplaced else { return try await submitted(write, withPatient: withPatient) }
        let patient: Patient
        do throws(FHIRError) {
            patient = try Patient(decoding: write.submission.document.span.bytes)
        } catch {
            throw DoorFault(error)
        }
        let merge = RecordMerge(call: self)
        let survivor = try await merge.survivor(of: patient, write.key)
        let result = try await submitted(write, withPatient: withPatient)
        // The answer may be a repeated one: the decision is made again, which changes nothing where it holds.
        try await merge.join(write.key.id, survivor.id)
        return result
    }

    private func submitted(_ write: PatientWrite, withPatient: Bool) async throws(DoorFault) -> WriteResult {
        let outcomes = await registry.submit([write.submission])
        services.metrics.wrote(outcomes)
        guard let outcome = outcomes.first else { throw .busy("no answer from the registry", after: 1) }
        let result = try await WriteResult(write, outcome, withPatient: withPatient, self)
        if configuration.speaksOpenCR, write.interaction != .delete { try await CSVUpload.note(write, result, self) }
        return result
    }
}
