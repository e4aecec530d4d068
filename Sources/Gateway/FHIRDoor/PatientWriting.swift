internal import Coordinator

extension DoorCall {
    /// Carries out one write and answers it.
    func carryOut(_ write: PatientWrite) async throws(DoorFault) -> DoorAnswer {
        let outcomes = await registry.submit([write.submission])
        services.metrics.wrote(outcomes)
        guard let outcome = outcomes.first else { throw .busy("no answer from the registry", after: 1) }
        let preference = ReturnPreference(request) ?? .representation
        let result = try await WriteResult(write, outcome, withPatient: preference == .representation, self)
        return result.answer(self)
    }
}
