internal import Coordinator
internal import FHIR
internal import Identifiers
internal import JSON
internal import PatientSearch

/// The bundle that answers a search.
struct SearchAnswer: Sendable {
    let query: PatientQuery
    let options: SearchOptions
    let page: SearchPage
    /// Parameters that nobody knows here.
    let ignored: [String]

    /// Parameters of which it is told that they were ignored, and letters of each.
    private static let ignoredLimit = 16

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
        if options.includesLinked { try await appendLinked(to: &bundle, call) }
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
        if let warning = warning(call) {
            bundle.append(resource: warning.encoded(), search: SearchResult(mode: .outcome))
        }
        return .resource(bundle.finished())
    }

    /// Appends what the Patients link to, each once: the other records of their persons and, for clients of OpenCR, the
    /// golden records.
    private func appendLinked(to bundle: inout BundleWriter, _ call: DoorCall) async throws(DoorFault) {
        var told = Set(page.patients.map(\.id))
        for found in page.patients {
            for other in found.companions {
                let one = FoundPatient(stored: other, companions: [], place: other.record.id)
                guard told.insert(one.id).inserted else { continue }
                bundle.append(
                    fullURL: "\(call.fhirBase)/Patient/\(one.id)",
                    resource: try one.bytes(query.domains, call.configuration),
                    search: SearchResult(mode: .include)
                )
            }
            guard call.configuration.speaksOpenCR, let golden = found.record.golden,
                told.insert(golden.description).inserted
            else { continue }
            let person = try await call.ask { (registry) async throws(RegistryError) in
                try await registry.person(golden)
            }
            guard let person else { continue }
            bundle.append(
                fullURL: "\(call.fhirBase)/Patient/\(golden)",
                resource: try PersonAnswer.bytes(person, asked: golden, call.configuration),
                search: SearchResult(mode: .include)
            )
        }
    }

    /// What was asked for in vain, once, on the first page; a count has no entries.
    ///
    /// A search that is wider than its sender thinks names strangers.
    private func warning(_ call: DoorCall) -> OperationOutcome? {
        // Clients of OpenCR take every entry for a Patient.
        guard !call.configuration.speaksOpenCR else { return nil }
        let names = ignored.filter { !$0.isEmpty }.prefix(Self.ignoredLimit)
        guard !names.isEmpty, options.cursor == nil, !options.isCountOnly else { return nil }
        let text = "these parameters are not supported and were ignored; Prefer: handling=strict refuses them"
        return OperationOutcome(.warning, .notSupported, text, expression: names.map { String($0.prefix(64)) })
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
