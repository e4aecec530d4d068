internal import Coordinator
internal import FHIR
internal import Identifiers

/// `GET Patient?identifier=…&_id=…` and `POST Patient/_search`: finds records by what names them.
///
/// `identifier` is `system|value`: the identifier under which a record was created, or a golden identifier, which finds
/// every record of the person. `_id` is a record's id or a golden identifier. Commas mean "or", repetition means "and".
enum PatientSearch {
    /// The search parameters that are understood.
    static let parameters = ["_id", "identifier"]
    /// Parameters that say how the answer is to look, and change nothing of what is found.
    private static let presentation: Set = ["_format", "_count", "_pretty"]

    static let route = Route(
        "fhir.patient.search",
        .fhir,
        "GET",
        FHIRDoor.base + "/Patient",
        capability: .interaction("search-type"),
        "Finds records by identifier or id.",
        answer: answer
    )

    static let postRoute = Route(
        "fhir.patient.search-form",
        .fhir,
        "POST",
        FHIRDoor.base + "/Patient/_search",
        capability: .interaction("search-type"),
        "The same with the parameters in a form.",
        answer: answerForm
    )

    private static func answerForm(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        try JSONBody.require(call.request, ["application/x-www-form-urlencoded"])
        let form = String(decoding: call.request.body, as: UTF8.self)
        return try await answer(call, call.request.target.items + (try RequestTarget.items(of: form)))
    }

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        try await answer(call, call.request.target.items)
    }

    private static func answer(_ call: DoorCall, _ items: [RequestTarget.Item]) async throws(DoorFault) -> DoorAnswer {
        var found: [Hit]?
        var selfQuery: [String] = []
        var keys = 0
        for item in items where !presentation.contains(item.name) {
            let alternatives = IdentifierQuery.alternatives(item.value)
            keys += alternatives.count
            guard keys <= call.limits.searchKeys else {
                throw DoorFault(400, .tooCostly, "at most \(call.limits.searchKeys) values may be searched for at once")
            }
            var hits: [Hit] = []
            for alternative in alternatives {
                for hit in try await search(item.name, alternative, call)
                where !hits.contains(where: { $0.id == hit.id }) {
                    hits.append(hit)
                }
            }
            found = found.map { before in before.filter { old in hits.contains { $0.id == old.id } } } ?? hits
            selfQuery.append("\(item.name)=\(PercentCoding.encode(item.value))")
        }
        guard let found else {
            throw DoorFault(400, .required, "a search needs identifier=system|value or _id=…")
        }
        return try bundle(found, selfQuery: selfQuery.joined(separator: "&"), try count(items), call)
    }

    /// A Patient that was found.
    private struct Hit {
        let id: String
        let patient: [UInt8]

        init(_ record: StoredRecord, _ configuration: GatewayConfiguration) throws(DoorFault) {
            id = record.id.description
            patient = try PatientAnswer.bytes(record, configuration)
        }

        init(_ person: PersonView, _ golden: GoldenID, _ configuration: GatewayConfiguration) throws(DoorFault) {
            id = golden.description
            patient = try PersonAnswer.bytes(person, asked: golden, configuration)
        }
    }

    private static func search(_ name: String, _ value: String, _ call: DoorCall) async throws(DoorFault) -> [Hit] {
        switch name {
        case "_id": return try await byID(value, call)
        case "identifier":
            return try await byIdentifier(
                try IdentifierQuery.key(value, place: name, call.configuration.mapping),
                call
            )
        default:
            let known = parameters.joined(separator: ", ")
            throw DoorFault(400, .notSupported, "the parameter is not supported; supported: \(known)", at: name)
        }
    }

    private static func byID(_ id: String, _ call: DoorCall) async throws(DoorFault) -> [Hit] {
        if let golden = GoldenID(id) {
            let found = try await call.ask { (registry) async throws(RegistryError) in try await registry.person(golden)
            }
            guard let person = found else { return [] }
            return [try Hit(person, golden, call.configuration)]
        }
        guard let id = RecordID(id) else { return [] }
        let found = try await call.ask { (registry) async throws(RegistryError) in try await registry.record(id: id) }
        guard let record = found, !record.deleted else { return [] }
        return [try Hit(record, call.configuration)]
    }

    private static func byIdentifier(_ key: RecordKey, _ call: DoorCall) async throws(DoorFault) -> [Hit] {
        var records: [StoredRecord] = []
        if key.source == call.configuration.goldenSystem {
            guard let golden = GoldenID(key.value) else { return [] }
            let found = try await call.ask { (registry) async throws(RegistryError) in try await registry.person(golden)
            }
            records = found?.members ?? []
        } else {
            let found = try await call.ask { (registry) async throws(RegistryError) in try await registry.record(key) }
            records = found.map { [$0] } ?? []
        }
        var hits: [Hit] = []
        for record in records where !record.deleted { hits.append(try Hit(record, call.configuration)) }
        return hits
    }

    /// How many entries are wanted; 0 asks for the total only.
    private static func count(_ items: [RequestTarget.Item]) throws(DoorFault) -> Int? {
        guard let text = items.last(where: { $0.name == "_count" })?.value else { return nil }
        guard let count = Int(text), count >= 0 else { throw .invalid("must be a whole number from 0", at: "_count") }
        return count
    }

    private static func bundle(
        _ found: [Hit],
        selfQuery: String,
        _ count: Int?,
        _ call: DoorCall
    ) throws(DoorFault) -> DoorAnswer {
        var bundle = BundleWriter(type: .searchset, total: found.count)
        bundle.link(relation: "self", url: "\(call.fhirBase)/Patient?\(selfQuery)")
        for hit in found.prefix(count ?? Int.max) {
            bundle.append(
                fullURL: "\(call.fhirBase)/Patient/\(hit.id)",
                resource: hit.patient,
                search: SearchResult(mode: .match)
            )
        }
        return .resource(bundle.finished())
    }
}
