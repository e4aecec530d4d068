internal import HL7v2

extension HL7Door {
    /// Answers a query: what is wrong with its content is part of the answer, anything else is thrown.
    func answer(
        _ request: HL7Request,
        _ writer: AnswerWriter,
        trigger: String,
        structure: String,
        _ find: (HL7Segment) async throws(Refusal) -> [HL7Segment]
    ) async throws(Refusal) -> Outcome {
        guard let query = request.message.first("QPD") else {
            throw .content(HL7Error(.segmentSequence, at: .segment("QPD"), "the segment QPD is missing"))
        }
        var outcome = Outcome(code: "AA")
        var found: [HL7Segment] = []
        do throws(Refusal) {
            found = try await find(query)
        } catch {
            guard error.code == .error else { throw error }
            outcome = Outcome(code: error.code.rawValue, faults: error.faults)
        }
        let status = outcome.code != "AA" ? outcome.code : found.isEmpty ? "NF" : "OK"
        outcome.answer = writer.response(
            trigger: trigger,
            structure: structure,
            outcome.code,
            outcome.faults,
            query: query,
            status: status,
            found
        )
        return outcome
    }
}
