internal import JSON
internal import Entrance
internal import Audit
internal import Coordinator
internal import FHIR
internal import Identifiers

/// `Subscription/{id}/$status` and `$events`: how far a subscriber has been told, and what it was told (R5 backport).
enum SubscriptionStatus {
    static let route = Route(
        "fhir.subscription.status",
        .fhir,
        "GET",
        SubscriptionDoor.base + "/{id}/$status",
        access: .subscription("r", .read, "operation"),
        "Tells how far a subscriber has been told.",
        answer: answer
    )

    static let eventsRoute = Route(
        "fhir.subscription.events",
        .fhir,
        "GET",
        SubscriptionDoor.base + "/{id}/$events",
        access: .subscription("r", .execute, "operation"),
        parameters: [
            RouteParameter("eventsSinceNumber", "The first event wanted.", kind: .number),
            RouteParameter("eventsUntilNumber", "The last event wanted.", kind: .number),
        ],
        "Tells events of a Subscription again.",
        answer: answerEvents
    )

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let (found, state) = try await SubscriptionDoor.find(call)
        let notice = SubscriptionNotice(spec: try SubscriptionSpec(found.resource), id: found.id, base: call.fhirBase)
        let (status, _) = found.standing(state)
        return .resource(notice.bundle(.queryStatus, status: status, count: state?.count ?? 0, []))
    }

    private static func answerEvents(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let (found, state) = try await SubscriptionDoor.find(call)
        try SubscriptionDoor.requireOwner(found, call)
        let first = try number("eventsSinceNumber", call) ?? 1
        let last = try number("eventsUntilNumber", call) ?? .max
        let events = (state?.events ?? []).filter { $0.number >= first && $0.number <= last }
        let spec = try SubscriptionSpec(found.resource)
        let reading = SubscriptionReading(services: call.services, spec: spec, grant: call.grant)
        let subjects: [SubscriptionNotice.Subject]
        do throws(RegistryError) {
            subjects = try await reading.subjects(of: events)
        } catch {
            throw DoorFault(error)
        }
        let notice = SubscriptionNotice(spec: spec, id: found.id, base: call.fhirBase)
        let (status, _) = found.standing(state)
        return .resource(notice.bundle(.queryEvent, status: status, count: state?.count ?? 0, subjects))
    }

    private static func number(_ name: String, _ call: DoorCall) throws(DoorFault) -> UInt64? {
        guard let text = call.request.target[name] else { return nil }
        guard let number = UInt64(text) else { throw .invalid("must be a number of an event", at: name) }
        return number
    }
}
