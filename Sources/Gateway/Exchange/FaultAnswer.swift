internal import FHIR
internal import JSON

/// Writes faults the way each door's clients expect them.
enum FaultAnswer {
    /// An OperationOutcome, for clients of FHIR.
    static func operationOutcome(_ fault: DoorFault) -> DoorAnswer {
        var answer = DoorAnswer.resource(fault.outcome.encoded(), status: fault.status)
        decorate(&answer, fault)
        return answer
    }

    /// Problem details (RFC 9457), for everyone else.
    static func problem(_ fault: DoorFault) -> DoorAnswer {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("type", "urn:tessera:problem:\(fault.code.rawValue)")
        writer.member("title", StatusText.phrase(fault.status))
        writer.key("status")
        writer.integer(fault.status)
        writer.member("detail", fault.message)
        writer.member("code", fault.code.rawValue)
        if !fault.expression.isEmpty { writer.member("field", fault.expression) }
        writer.endObject()
        var answer = DoorAnswer.content(MediaType.problem, writer.bytes, status: fault.status)
        decorate(&answer, fault)
        return answer
    }

    private static func decorate(_ answer: inout DoorAnswer, _ fault: DoorFault) {
        if let seconds = fault.retryAfter { answer.headers["retry-after"] = String(seconds) }
        if let challenge = fault.challenge { answer.headers["www-authenticate"] = challenge }
        if !fault.allow.isEmpty { answer.headers["allow"] = fault.allow.joined(separator: ", ") }
    }
}
