internal import FHIR
internal import PatientSearch

/// `GET metadata`: what this registry can do, derived from its own routing table.
enum Metadata {
    static let route = Route(
        "fhir.metadata",
        .fhir,
        "GET",
        FHIRDoor.base + "/metadata",
        access: .open,
        "The CapabilityStatement.",
        answer: answer
    )

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let routes = call.services.routes.routes
        return .resource(statement(routes, version: call.configuration.softwareVersion, url: call.fhirBase).encoded())
    }

    /// When the interface last changed.
    static let changed = FHIRDate(year: 2026, month: 7, day: 21)

    /// The statement that the routes make true.
    static func statement(_ routes: [Route], version: String, url: String) -> CapabilityStatement {
        guard let changed else { preconditionFailure("the interface changed on a day that exists") }
        var statement = CapabilityStatement(version: version, date: FHIRDateTime(changed), url: url)
        var others: [CapabilityStatement.Resource] = []
        var patient = CapabilityStatement.Resource(type: "Patient", interactions: [])
        for route in routes where route.door == .fhir {
            switch route.capability {
            case .none: break
            case .typed(let type, let name):
                if let index = others.firstIndex(where: { $0.type == type }) {
                    others[index].interactions.append(name)
                } else {
                    others.append(CapabilityStatement.Resource(type: type, interactions: [name]))
                    if type == "Subscription" { others[others.count - 1].topics = [SubscriptionSpec.topic] }
                }
            case .system(let names): statement.systemInteractions += names
            case .operation(let name, let definition):
                patient.operations.append(CapabilityStatement.Operation(name: name, definition: definition))
            case .interaction(let name):
                if !patient.interactions.contains(name) { patient.interactions.append(name) }
            }
        }
        let onType = FHIRDoor.base + "/Patient"
        func has(_ method: String) -> Bool { routes.contains { $0.method == method && $0.pattern.text == onType } }
        patient.versioning = "versioned-update"
        patient.updateCreate = false
        patient.conditionalCreate = has("POST")
        patient.conditionalUpdate = has("PUT")
        patient.conditionalDelete = has("DELETE") ? "single" : "not-supported"
        patient.searchIncludes = ["Patient:link"]
        patient.searchReverseIncludes = ["RelatedPerson:patient"]
        patient.searchParameters = SearchParameter.allCases.map {
            CapabilityStatement.SearchParameter(name: $0.rawValue, type: $0.kind.rawValue)
        }
        statement.resources = [patient] + others
        return statement
    }
}
