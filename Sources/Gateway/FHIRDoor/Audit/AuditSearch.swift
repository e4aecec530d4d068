internal import Audit
internal import Authorities
internal import Entrance
internal import FHIR
internal import Identifiers
internal import PatientMapping
internal import PatientSearch

/// `GET AuditEvent?…` (ITI-81): what was done, the newest first.
enum AuditSearch {
    static let route = Route(
        "fhir.audit.search",
        .fhir,
        "GET",
        FHIRDoor.base + "/AuditEvent",
        access: .audit("search-type", .execute),
        parameters: [
            RouteParameter("date", "moment, with ge, gt, le or lt before it; twice for a range"),
            RouteParameter("agent", "name of a client, or subject of a user"),
            RouteParameter("address", "address of the client"),
            RouteParameter("patient", "id of a Patient, system|value, or a golden identifier"),
            RouteParameter("action", "C, R, U, D or E"),
            RouteParameter("outcome", "0, 4, 8 or 12", kind: .number),
            RouteParameter("subtype", "interaction, IHE transaction, or route"),
            RouteParameter("_count", "entries of a page", kind: .number),
        ],
        "Finds what was done: who asked or wrote what, when, and how it went.",
        answer: answer
    )

    static let readRoute = Route(
        "fhir.audit.read",
        .fhir,
        "GET",
        FHIRDoor.base + "/AuditEvent/{id}",
        access: .audit("read", .read),
        "Reads one event of the audit trail.",
        answer: answerRead
    )

    private static func reader(_ call: DoorCall) throws(DoorFault) -> AuditReader {
        guard let trail = call.services.recorder.trail else { throw .notFound("no audit trail is kept here") }
        return AuditReader(directory: trail.directory)
    }

    private static func resource(_ call: DoorCall) -> AuditEventResource {
        AuditEventResource(observer: "Tessera \(call.fhirBase)", goldenSystem: call.configuration.goldenSystem)
    }

    private static func answerRead(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        guard let number = UInt64(call.path[0]), number > 0 else { throw .notFound("there is no such AuditEvent") }
        let reader = try reader(call)
        let event: AuditEvent?
        do throws(AuditError) {
            event = try await reader.read(number)
        } catch {
            throw DoorFault(500, .exception, "the audit trail cannot be read")
        }
        guard let event else { throw .notFound("there is no such AuditEvent") }
        return .resource(resource(call).bytes(AuditReader.Found(number: number, event: event)))
    }

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let reader = try reader(call)
        let request = try read(call)
        let page: AuditReader.Page
        do throws(AuditError) {
            page = try await reader.found(request.query, before: request.before, limit: request.count)
        } catch {
            throw DoorFault(500, .exception, "the audit trail cannot be read")
        }
        var bundle = BundleWriter(type: .searchset)
        bundle.link(relation: "self", url: url(call, request, before: request.before))
        if let next = page.next { bundle.link(relation: "next", url: url(call, request, before: next)) }
        let writer = resource(call)
        for found in page.found {
            bundle.append(
                fullURL: "\(call.fhirBase)/AuditEvent/\(found.number)",
                resource: writer.bytes(found),
                search: SearchResult(mode: .match)
            )
        }
        return .resource(bundle.finished())
    }

    private struct Request {
        var query = AuditQuery()
        var before: UInt64?
        var count: Int
        var used: [RequestTarget.Item] = []
    }

    private static func url(_ call: DoorCall, _ request: Request, before: UInt64?) -> String {
        var parts = request.used.map { "\(PercentCoding.encodeName($0.name))=\(PercentCoding.encode($0.value))" }
        if let before { parts.append("_cursor=\(before)") }
        return "\(call.fhirBase)/AuditEvent?\(parts.joined(separator: "&"))"
    }

    private static func read(_ call: DoorCall) throws(DoorFault) -> Request {
        var request = Request(count: call.limits.pageDefault)
        for item in call.request.target.items {
            let value = item.value
            switch item.name {
            case "_format", "_pretty": continue
            case "_cursor":
                guard let number = UInt64(value) else { throw .invalid("is no place in the trail", at: item.name) }
                request.before = number
                continue
            case "_count":
                guard let number = Int(value), number > 0 else { throw .invalid("must be above 0", at: item.name) }
                request.count = min(number, call.limits.pageMax)
            case "date": try readDate(value, &request.query)
            case "agent", "agent-name", "agent.identifier":
                request.query.agent = value.split(separator: "|").last.map(String.init) ?? value
            case "address": request.query.address = value
            case "patient", "patient.identifier", "entity", "entity.identifier":
                readPatient(value, &request.query, call)
            case "action":
                guard let action = AuditEvent.Action(rawValue: value) else {
                    throw .invalid("none of C R U D E", at: "action")
                }
                request.query.action = action
            case "outcome":
                guard let outcome = Int(value).flatMap(AuditEvent.Outcome.init(rawValue:)) else {
                    throw .invalid("must be 0, 4, 8 or 12", at: item.name)
                }
                request.query.outcome = outcome
            case "subtype", "type": request.query.subtype = value.split(separator: "|").last.map(String.init) ?? value
            case "purpose" where value.hasSuffix("BTG"): request.query.isBreakGlass = true
            case "request": request.query.request = value
            default: throw DoorFault(400, .notSupported, "the parameter is not supported", at: item.name)
            }
            request.used.append(item)
        }
        return request
    }

    private static func readPatient(_ value: String, _ query: inout AuditQuery, _ call: DoorCall) {
        if let bar = value.firstIndex(of: "|") {
            let system = String(value[..<bar])
            if !system.isEmpty { query.patientSystem = call.configuration.identifiers.authorities.canonical(system) }
            query.patient = String(value[value.index(after: bar)...])
        } else {
            query.patient = value.hasPrefix("Patient/") ? String(value.dropFirst("Patient/".count)) : value
        }
    }

    private static func readDate(_ value: String, _ query: inout AuditQuery) throws(DoorFault) {
        let prefix = value.prefix { $0.isLetter }
        let text = String(value.dropFirst(prefix.count))
        let start = Moments.milliseconds(text) ?? Moments.milliseconds(text + "T00:00:00Z")
        guard let start, start >= 0 else { throw .invalid("must be a day or a moment", at: "date") }
        let length: Int64 = text.utf8.count == 10 ? 86_400_000 : text.contains(".") ? 1 : 1_000
        let (first, end) = (UInt64(start), UInt64(start + length))
        switch prefix {
        case "", "eq": (query.from, query.until) = (first, end)
        case "ge": query.from = first
        case "gt", "sa": query.from = end
        case "lt", "eb": query.until = first
        case "le": query.until = end
        default: throw .invalid("may begin with ge, gt, le or lt", at: "date")
        }
    }
}
