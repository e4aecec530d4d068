internal import Access
internal import Coordinator
internal import Entrance
internal import FHIR
internal import Identifiers
internal import PatientMapping
internal import PatientSearch

/// `GET Patient?…` and `POST Patient/_search` (ITI-78): finds Patients by everything that PDQm asks for.
///
/// Commas mean "or", repetition means "and". A domain alone (`identifier=system|`) restricts which identifiers are
/// told.
enum PatientSearch {
    static let route = Route(
        "fhir.patient.search",
        .fhir,
        "GET",
        FHIRDoor.base + "/Patient",
        access: .search("s", "ITI-78"),
        capability: .interaction("search-type"),
        "Finds Patients by identifiers, names, birth date, sex, contacts and addresses.",
        answer: answer
    )

    static let postRoute = Route(
        "fhir.patient.search-form",
        .fhir,
        "POST",
        FHIRDoor.base + "/Patient/_search",
        access: .search("s", "ITI-78"),
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
        let options = try SearchOptions(items, call.limits)
        try requireTold(options, call)
        let query = try read(options.query, call)
        let unknown = options.ignored + query.ignored
        if isStrict(call.request), let first = unknown.first {
            throw DoorFault(400, .notSupported, "the parameter is not supported", at: first)
        }
        try await requireKnown(query.domains, call)
        let finder = PatientFinder(query, call)
        let page =
            options.order.isEmpty
            ? try await SearchPage(finder, options) : try await SearchPage(sorted: finder, options)
        return try await SearchAnswer(query: query, options: options, page: page, ignored: unknown).answer(call)
    }

    /// Reads what is searched for.
    static func read(_ items: [(name: String, value: String)], _ call: DoorCall) throws(DoorFault) -> PatientQuery {
        let identifiers = call.configuration.identifiers
        let context = PatientQuery.Context(
            authorities: identifiers.authorities,
            goldenSystem: identifiers.goldenSystem,
            now: Int64(clamping: call.services.time())
        )
        do throws(SearchFault) {
            return try PatientQuery(items, context)
        } catch {
            let code: IssueCode =
                switch error.kind {
                case .invalid: .invalid
                case .unsupported: .notSupported
                case .tooCostly: .tooCostly
                }
            throw DoorFault(400, code, error.detail, at: error.parameter)
        }
    }

    /// What those who see identifiers only may search by: anything else would tell what they may not see.
    private static let harmless: Set = ["identifier", "_id", "active", "link", "_lastUpdated"]

    private static func requireTold(_ options: SearchOptions, _ call: DoorCall) throws(DoorFault) {
        guard call.grant.view == .identifiers else { return }
        let names = options.query.map { String($0.name.prefix { $0 != ":" && $0 != "." }) }
        let sorted = options.order.map(\.field.rawValue)
        guard let other = (names + sorted).first(where: { !harmless.contains($0) }) else { return }
        throw DoorFault(403, .forbidden, "this client sees identifiers only and may search by them only", at: other)
    }

    /// Whether parameters that nobody knows are to be refused rather than ignored.
    private static func isStrict(_ request: DoorRequest) -> Bool {
        request.headers.list("prefer")?.contains("handling=strict") ?? false
    }

    /// Refuses domains that nobody knows (ITI-78, case 4).
    private static func requireKnown(_ domains: [String], _ call: DoorCall) async throws(DoorFault) {
        for domain in domains where try await !Domains.isKnown(domain, call) {
            var fault = DoorFault(404, .notFound, "targetSystem not found", at: "identifier")
            fault.severity = .warning
            throw fault
        }
    }
}
