internal import Entrance
internal import PatientSearch
internal import Access
internal import Audit
internal import Bytes
internal import Coordinator
internal import FHIR
internal import JSON

/// `Subscription`: who wants to know of changes (FHIR R4, ITI-94, the R5 backport).
enum SubscriptionDoor {
    static let base = FHIRDoor.base + "/Subscription"

    static let create = Route(
        "fhir.subscription.create",
        .fhir,
        "POST",
        base,
        access: .subscription("c", .create, "create"),
        capability: .typed("Subscription", "create"),
        "Subscribes to changes of Patients.",
        answer: answerCreate
    )

    static let read = Route(
        "fhir.subscription.read",
        .fhir,
        "GET",
        base + "/{id}",
        access: .subscription("r", .read, "read"),
        capability: .typed("Subscription", "read"),
        "Reads a Subscription with its status.",
        answer: answerRead
    )

    static let search = Route(
        "fhir.subscription.search",
        .fhir,
        "GET",
        base,
        access: .subscription("s", .execute, "search-type"),
        capability: .typed("Subscription", "search-type"),
        parameters: [
            RouteParameter("_id", "Only this one."), RouteParameter("status", "requested, active, error or off."),
            RouteParameter("url", "Only those of this endpoint."),
            RouteParameter("criteria", "Only those of these criteria."),
        ],
        "Finds Subscriptions.",
        answer: answerSearch
    )

    static let update = Route(
        "fhir.subscription.update",
        .fhir,
        "PUT",
        base + "/{id}",
        access: .subscription("u", .update, "update"),
        capability: .typed("Subscription", "update"),
        "Changes a Subscription: `off` stops it, `requested` begins it again.",
        answer: answerUpdate
    )

    static let delete = Route(
        "fhir.subscription.delete",
        .fhir,
        "DELETE",
        base + "/{id}",
        access: .subscription("d", .delete, "delete"),
        capability: .typed("Subscription", "delete"),
        "Ends a Subscription.",
        answer: answerDelete
    )

    private static func answerCreate(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let resource = try body(call)
        try check(try SubscriptionSpec(resource), call)
        let start = try await call.ask { (registry) async throws(RegistryError) in try await registry.latest() }
        let time = call.services.time()
        let seed = KeyHash.hash("\(time)|\(call.request.caller.name)|\(start)")
        let made = try await call.ask { (registry) async throws(RegistryError) in
            try await SubscriptionShelf(registry: registry).put { place in
                StoredSubscription(
                    id: "s\(place)-" + String(KeyHash.combine(seed, UInt64(place)), radix: 36),
                    resource: resource,
                    base: call.fhirBase,
                    owner: call.request.caller.name,
                    revision: 1,
                    updated: time,
                    start: start
                )
            }
        }
        guard let made else {
            throw DoorFault(422, .tooCostly, "there are \(StoredSubscription.limit) subscriptions already")
        }
        return answer(made, nil, call, status: 201)
    }

    private static func answerRead(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let (found, state) = try await find(call)
        return answer(found, state, call, status: 200)
    }

    private static func answerUpdate(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let resource = try body(call)
        let (found, _) = try await find(call)
        try requireOwner(found, call)
        guard resource["id"]?.string == found.id else {
            throw .invalid("the id must be that of the address", at: "Subscription.id")
        }
        if let header = call.request.headers["if-match"], try EntityTag.expected(header) != found.revision {
            throw DoorFault(412, .conflict, "the current version is \(found.revision)", at: "If-Match")
        }
        try check(try SubscriptionSpec(resource), call)
        var changed = found
        changed.resource = resource
        changed.revision += 1
        changed.updated = call.services.time()
        // What happens while it is off is not told; what could not be told is told later.
        if found.resource["status"]?.string == "off" {
            changed.start = try await call.ask { (registry) async throws(RegistryError) in try await registry.latest() }
        }
        let new = changed
        try await call.ask { (registry) async throws(RegistryError) in
            try await SubscriptionShelf(registry: registry).replace(new)
        }
        return answer(new, nil, call, status: 200)
    }

    private static func answerDelete(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let (found, _) = try await find(call)
        try requireOwner(found, call)
        try await call.ask { (registry) async throws(RegistryError) in
            try await SubscriptionShelf(registry: registry).remove(found.id)
        }
        return DoorAnswer(status: 204)
    }

    private static func answerSearch(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let all = try await call.ask { (registry) async throws(RegistryError) in
            try await SubscriptionShelf(registry: registry).all()
        }
        let target = call.request.target
        var found: [(StoredSubscription, SubscriptionState?)] = []
        for place in all.keys.sorted() {
            guard let one = all[place], maySee(one, call) else { continue }
            let name = SubscriptionState.name(one.id)
            let note = try await call.ask { (registry) async throws(RegistryError) in try await registry.note(name) }
            let state = note.flatMap(SubscriptionState.init(decoding:))
            if let id = target["_id"], id != one.id { continue }
            if let status = target["status"],
                !status.split(separator: ",").contains(Substring(one.standing(state).status))
            {
                continue
            }
            if let url = target["url"], one.resource["channel"]?["endpoint"]?.string != url { continue }
            if let criteria = target["criteria"], one.resource["criteria"]?.string != criteria { continue }
            found.append((one, state))
        }
        var bundle = BundleWriter(type: .searchset, total: found.count)
        bundle.link(relation: "self", url: "\(call.fhirBase)/Subscription")
        for (one, state) in found {
            bundle.append(
                fullURL: "\(call.fhirBase)/Subscription/\(one.id)",
                resource: one.answer(state, forOwner: isOwner(one, call)),
                search: SearchResult(mode: .match)
            )
        }
        return .resource(bundle.finished())
    }

    // MARK: Parts

    private static func body(_ call: DoorCall) throws(DoorFault) -> JSONValue {
        try FHIRFormat.requireJSON(call.request)
        return .object(try JSONBody.parse(call.request.body))
    }

    /// Checks that the endpoint may be told, and that the criteria are understood and may be asked by this client.
    private static func check(_ spec: SubscriptionSpec, _ call: DoorCall) throws(DoorFault) {
        if let host = HookEndpoint.host(of: spec.endpoint), let refusal = call.configuration.hooks.refusal(of: host) {
            throw DoorFault(422, .security, refusal, at: "Subscription.channel.endpoint")
        }
        let query: PatientQuery
        do throws(DoorFault) {
            query = try PatientSearch.read(spec.criteria, call)
        } catch {
            var fault = error
            fault.status = 422
            fault.expression = "Subscription.criteria"
            throw fault
        }
        if let unknown = query.ignored.first {
            throw DoorFault(422, .notSupported, "\(unknown) is no parameter of Patient", at: "Subscription.criteria")
        }
        guard call.grant.view == .identifiers else { return }
        guard spec.criteria.allSatisfy({ $0.name == "identifier" || $0.name == "_id" }) else {
            throw DoorFault(403, .forbidden, "this client sees identifiers only", at: "Subscription.criteria")
        }
    }

    /// The subscription of the address.
    static func find(_ call: DoorCall) async throws(DoorFault) -> (StoredSubscription, SubscriptionState?) {
        let id = call.path[0]
        let found = try await call.ask { (registry) async throws(RegistryError) in
            try await SubscriptionShelf(registry: registry).one(id)
        }
        guard let found, maySee(found.0, call) else { throw .notFound("there is no such Subscription") }
        return found
    }

    /// Whether a client may know of a subscription: its criteria name patients, so that whoever is kept from some of
    /// them knows of its own only.
    private static func maySee(_ subscription: StoredSubscription, _ call: DoorCall) -> Bool {
        isOwner(subscription, call) || call.grant.view == .everything
    }

    private static func isOwner(_ subscription: StoredSubscription, _ call: DoorCall) -> Bool {
        subscription.owner == call.request.caller.name
    }

    /// Checks that whoever changes a subscription is who made it.
    static func requireOwner(_ subscription: StoredSubscription, _ call: DoorCall) throws(DoorFault) {
        guard isOwner(subscription, call) else {
            throw DoorFault(403, .forbidden, "another client made this Subscription")
        }
    }

    private static func answer(
        _ subscription: StoredSubscription,
        _ state: SubscriptionState?,
        _ call: DoorCall,
        status: Int
    ) -> DoorAnswer {
        let body = subscription.answer(state, forOwner: isOwner(subscription, call))
        var answer = DoorAnswer.resource(body, status: status)
        let version = "Subscription/\(subscription.id)/_history/\(subscription.revision)"
        if status == 201 { answer.headers["location"] = "\(call.fhirBase)/\(version)" }
        answer.headers["etag"] = EntityTag.text(subscription.revision)
        answer.headers["last-modified"] = HTTPDate.text(milliseconds: subscription.updated)
        return answer
    }
}
