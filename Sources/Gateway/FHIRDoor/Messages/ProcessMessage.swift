internal import Audit
internal import Coordinator
internal import FHIR
internal import Identifiers
internal import JSON
internal import PatientMapping

/// `POST $process-message`, or a message bundle posted to the base (ITI-93): stores what a feed tells.
///
/// A message is understood wholly before anything of it is stored; one entry that cannot be understood refuses all of
/// it. Sending it again is safe: everything in it names its record.
enum ProcessMessage {
    static let route = Route(
        "fhir.process-message",
        .fhir,
        "POST",
        FHIRDoor.base + "/$process-message",
        access: .write(.execute, "operation", "ITI-93"),
        "Stores what a patient feed message tells.",
        answer: answer
    )

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        try FHIRFormat.requireJSON(call.request)
        let bundle: Bundle
        let body = call.request.body
        do throws(FHIRError) {
            bundle = try Bundle(
                decoding: body.span.bytes,
                limits: JSONLimits(bytes: call.limits.bundleBytes)
            )
        } catch {
            throw DoorFault(error)
        }
        return try await answer(bundle, call)
    }

    /// Carries out a message and answers it with one.
    static func answer(_ bundle: Bundle, _ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let message = try FeedMessage(bundle, call.request.body)
        call.count(entries: message.entries.count)
        var answer = FeedAnswer(request: message.id, base: call.fhirBase)
        let plan: FeedPlan
        do throws(DoorFault) {
            plan = try await FeedPlan(message, call)
        } catch {
            answer.faults = [error]
            return answer.answer(status: error.status)
        }
        let done = await plan.carryOut(call)
        answer.faults = done.faults
        return answer.answer(status: done.faults.first?.status ?? (done.created > 0 ? 201 : 200))
    }
}
