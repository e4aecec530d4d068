internal import Identity
internal import Coordinator
internal import FHIR
internal import Identifiers
internal import PatientSearch

/// `GET Patient/_history`: every version of every record, the newest first, from the change feed.
enum PatientTypeHistory {
    static let route = Route(
        "fhir.patient.type-history",
        .fhir,
        "GET",
        FHIRDoor.base + "/Patient/_history",
        access: .search("rs"),
        capability: .interaction("history-type"),
        parameters: [
            RouteParameter("_count", "versions of a page", kind: .number),
            RouteParameter("_since", "only versions from this moment on"),
        ],
        "Reads the versions of all source records, the newest first.",
        answer: answer
    )

    /// The parameter of `next` links: only writes below it follow.
    private static let below = "_below"
    /// Writes that are looked at together, backwards.
    private static let window: UInt64 = 256
    /// Most writes that one answer looks at: past them the page ends early and goes on.
    private static let lookedAt: UInt64 = 8_192

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let target = call.request.target
        let options = try SearchOptions(target.items.filter { $0.name == "_count" }, call.limits)
        let count = max(1, options.count)
        let since = try PatientHistory.moment(target["_since"]) ?? .min
        var end = try await call.ask { (registry) async throws(RegistryError) in try await registry.latest() }.rawValue
        if let text = target[below] {
            guard let number = UInt64(text) else { throw .invalid("not a place in this history", at: below) }
            end = min(end, number == 0 ? 0 : number - 1)
        }
        var found: [ChangesPage.Entry] = []
        let first = end
        var isOver = false
        while !isOver, end > 0, found.count < count, first - end < lookedAt {
            let start = Sequence(end > window ? end - window : 0)
            let page = try await call.ask { (registry) async throws(RegistryError) in
                try await registry.changes(after: start, limit: Int(window))
            }
            for entry in page.entries.reversed() where entry.sequence.rawValue <= end && found.count < count {
                if Int64(clamping: entry.at) < since {
                    isOver = true
                    break
                }
                if entry.record != nil { found.append(entry) }
            }
            let isFull = found.count == count
            end = isFull ? (found.last?.sequence.rawValue ?? 1) - 1 : start.rawValue
        }
        return try await bundle(found, next: isOver || end == 0 ? nil : end + 1, count, call)
    }

    private static func bundle(
        _ entries: [ChangesPage.Entry],
        next: UInt64?,
        _ count: Int,
        _ call: DoorCall
    ) async throws(DoorFault) -> DoorAnswer {
        var bundle = BundleWriter(type: .history)
        let address = "\(call.fhirBase)/Patient/_history"
        bundle.link(relation: "self", url: address)
        if let next {
            let since = call.request.target["_since"].map { "&_since=\(PercentCoding.encode($0))" } ?? ""
            bundle.link(relation: "next", url: "\(address)?_count=\(count)&\(below)=\(next)\(since)")
        }
        for entry in entries {
            guard let changed = entry.record else { continue }
            let record = try await call.ask { (registry) async throws(RegistryError) in
                try await registry.record(id: changed.record, version: changed.version)
            }
            guard let record else { continue }
            try PatientHistory.append(record, "\(call.fhirBase)/Patient/\(record.id)", &bundle, call)
        }
        return .resource(bundle.finished())
    }
}
