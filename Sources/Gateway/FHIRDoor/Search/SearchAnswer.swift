internal import Coordinator
internal import FHIR
internal import JSON
internal import PatientSearch

/// The bundle that answers a search.
struct SearchAnswer: Sendable {
    let query: PatientQuery
    let options: SearchOptions
    let page: SearchPage

    /// Writes it.
    func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        var bundle = BundleWriter(type: .searchset, total: page.total)
        bundle.link(relation: "self", url: url(call, nil))
        if let next = page.next { bundle.link(relation: "next", url: url(call, next)) }
        let filter = ElementFilter(options)
        for found in page.patients {
            let whole = try found.bytes(query.domains, call.configuration)
            bundle.append(
                fullURL: "\(call.fhirBase)/Patient/\(found.id)",
                resource: try filter?.applied(to: whole) ?? whole,
                search: SearchResult(mode: .match)
            )
        }
        if options.includesRelated {
            for found in page.patients {
                for resource in try await RelatedPersons.of(found.record.id, call) {
                    bundle.append(
                        fullURL: "\(call.fhirBase)/RelatedPerson/\(resource["id"]?.string ?? "")",
                        resource: JSONValue.object(resource).serialised(),
                        search: SearchResult(mode: .include)
                    )
                }
            }
        }
        return .resource(bundle.finished())
    }

    /// The address of this search with what of it was honoured.
    private func url(_ call: DoorCall, _ cursor: SearchCursor?) -> String {
        var parts = query.used.map { "\(PercentCoding.encodeName($0.name))=\(PercentCoding.encode($0.value))" }
        parts += options.used.map { "\($0.name)=\(PercentCoding.encode($0.value))" }
        if let cursor {
            parts.append("\(SearchCursor.name)=\(PercentCoding.encode(cursor.text))")
        } else if let held = options.cursor {
            parts.append("\(SearchCursor.name)=\(PercentCoding.encode(held.text))")
        }
        return "\(call.fhirBase)/Patient?\(parts.joined(separator: "&"))"
    }
}
