internal import Bytes
internal import Coordinator
internal import FHIR
internal import Identifiers
internal import JSON

/// Something that a subscriber is told, in the form that it asked for.
struct SubscriptionNotice: Sendable {
    /// What of a Patient is told.
    struct Subject: Sendable {
        var event: SubscriptionState.Event
        var change: ChangedRecord.Change
        /// The Patient as it is answered; `nil` where it was removed.
        var patient: [UInt8]?
        /// Whom it is about, so that what is told of one person keeps its order.
        var person: UInt64
    }

    let spec: SubscriptionSpec
    let id: String
    let base: String

    /// The kinds of notification of the backport.
    enum Kind: String {
        case handshake, heartbeat
        case event = "event-notification"
        case queryStatus = "query-status"
        case queryEvent = "query-event"
    }

    /// What is sent of one event.
    func request(_ subject: Subject, count: UInt64) -> HookRequest {
        switch spec.form {
        case .hook: hook(subject)
        case .message: post(message(subject), subject.event.name)
        case .notification:
            post(bundle(.event, status: "active", count: count, [subject]), subject.event.name)
        }
    }

    /// What is sent where there is no event: a handshake or a heartbeat.
    func request(_ kind: Kind, count: UInt64) -> HookRequest {
        post(bundle(kind, status: kind == .handshake ? "requested" : "active", count: count, []), "\(kind.rawValue)")
    }

    private func post(_ body: [UInt8], _ name: String) -> HookRequest {
        HookRequest(
            method: "POST",
            url: spec.endpoint,
            headers: fields(name),
            body: coded(body),
            timeoutSeconds: spec.timeout
        )
    }

    private func hook(_ subject: Subject) -> HookRequest {
        guard spec.hasPayload, let patient = subject.patient else {
            var request = post([], subject.event.name)
            request.body = []
            return request
        }
        var request = post(patient, subject.event.name)
        request.method = "PUT"
        let root = spec.endpoint.hasSuffix("/") ? String(spec.endpoint.dropLast()) : spec.endpoint
        request.url = "\(root)/Patient/\(subject.event.record)"
        return request
    }

    /// What the subscriber asked for, and by what it can tell that it was told the same before.
    private func fields(_ name: String) -> [(name: String, value: String)] {
        let type = spec.isXML ? MediaType.fhirXML : MediaType.fhirJSON
        return [("content-type", type), ("x-tessera-event", name), ("x-tessera-subscription", id)] + spec.headers
    }

    private func coded(_ body: [UInt8]) -> [UInt8] {
        guard spec.isXML, !body.isEmpty else { return body }
        return (try? FHIRXML.xml(from: body)) ?? body
    }

    // MARK: The backport

    /// A notification bundle, or the answer to `$status` and `$events`.
    func bundle(_ kind: Kind, status: String, count: UInt64, _ subjects: [Subject]) -> [UInt8] {
        let isAsked = kind == .queryStatus
        var bundle = BundleWriter(type: isAsked ? .searchset : .history, id: name("\(kind.rawValue)|\(count)"))
        let parameters = self.parameters(kind, status: status, count: count, subjects)
        let place = "urn:uuid:" + uuid("status|\(kind.rawValue)|\(count)")
        if isAsked {
            bundle.append(fullURL: place, resource: parameters, search: SearchResult(mode: .match))
            return bundle.finished()
        }
        let request = BundleRequest(method: .get, url: "\(base)/Subscription/\(id)/$status")
        bundle.append(
            fullURL: place,
            resource: parameters,
            request: request,
            response: BundleResponse(status: "200")
        )
        guard spec.content != .empty else { return bundle.finished() }
        for subject in subjects {
            bundle.append(
                fullURL: "\(base)/Patient/\(subject.event.record)",
                resource: spec.content == .fullResource ? subject.patient : nil,
                request: subject.request,
                response: subject.response
            )
        }
        return bundle.finished()
    }

    private func parameters(_ kind: Kind, status: String, count: UInt64, _ subjects: [Subject]) -> [UInt8] {
        var writer = JSONWriter(capacity: 1_024)
        writer.beginObject()
        writer.member("resourceType", "Parameters")
        writer.key("meta")
        writer.beginObject()
        writer.key("profile")
        writer.beginArray()
        writer.string(SubscriptionSpec.backport + "backport-subscription-status-r4")
        writer.endArray()
        writer.endObject()
        writer.key("parameter")
        writer.beginArray()
        writer.parameter("subscription") {
            $0.key("valueReference")
            Reference(reference: "\(base)/Subscription/\(id)").write(to: &$0)
        }
        writer.parameter("topic") { $0.member("valueCanonical", SubscriptionSpec.topic) }
        writer.parameter("status") { $0.member("valueCode", status) }
        writer.parameter("type") { $0.member("valueCode", kind.rawValue) }
        writer.parameter("events-since-subscription-start") { $0.member("valueString", "\(count)") }
        for subject in subjects {
            writer.parameter("notification-event") {
                $0.key("part")
                $0.beginArray()
                $0.parameter("event-number") { $0.member("valueString", "\(subject.event.number)") }
                $0.parameter("timestamp") { $0.member("valueInstant", subject.instant) }
                if spec.content != .empty {
                    $0.parameter("focus") {
                        $0.key("valueReference")
                        Reference(reference: "\(base)/Patient/\(subject.event.record)").write(to: &$0)
                    }
                }
                $0.endArray()
            }
        }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }

    // MARK: PMIR

    private func message(_ subject: Subject) -> [UInt8] {
        let (header, history) = (
            "urn:uuid:" + uuid("header|\(subject.event.name)"), "urn:uuid:" + uuid(subject.event.name)
        )
        var writer = JSONWriter(capacity: 512)
        writer.beginObject()
        writer.member("resourceType", "MessageHeader")
        writer.member("id", uuid("header|\(subject.event.name)"))
        writer.member("eventUri", "urn:ihe:iti:pmir:2019:patient-feed")
        writer.key("destination")
        writer.beginArray()
        writer.beginObject()
        writer.member("endpoint", spec.endpoint)
        writer.endObject()
        writer.endArray()
        writer.key("source")
        writer.beginObject()
        writer.member("endpoint", "\(base)/$process-message")
        writer.endObject()
        writer.key("focus")
        writer.beginArray()
        Reference(reference: history).write(to: &writer)
        writer.endArray()
        writer.member(
            "definition",
            "https://profiles.ihe.net/ITI/PMIR/MessageDefinition/IHE.PMIR.MessageDefinition"
        )
        writer.endObject()
        var changes = BundleWriter(type: .history, id: uuid(subject.event.name))
        changes.append(
            fullURL: "\(base)/Patient/\(subject.event.record)",
            resource: subject.patient,
            request: subject.request,
            response: subject.response
        )
        var bundle = BundleWriter(
            type: .message,
            id: uuid("message|\(subject.event.name)"),
            timestamp: FHIRInstant(milliseconds: Int64(clamping: subject.event.at))
        )
        bundle.append(fullURL: header, resource: writer.bytes)
        bundle.append(fullURL: history, resource: changes.finished())
        return bundle.finished()
    }

    // MARK: Names

    /// An id that is the same whenever the same is told.
    private func name(_ what: String) -> String { uuid(what) }

    private func uuid(_ what: String) -> String {
        let high = KeyHash.hash("\(id)|\(what)")
        let low = KeyHash.hash("\(what)|\(id)", seed: 1)
        let text = high.hexadecimal + low.hexadecimal
        let parts = [(0, 8), (8, 4), (12, 4), (16, 4), (20, 12)]
        return parts.map { String(text.dropFirst($0.0).prefix($0.1)) }.joined(separator: "-")
    }
}

extension SubscriptionSpec {
    /// What notification bundles hold; of the other forms nothing is asked.
    var content: Content {
        if case .notification(let content) = form { return content }
        return .empty
    }
}

extension SubscriptionNotice.Subject {
    var instant: String { FHIRInstant(milliseconds: Int64(clamping: event.at)).description }

    var request: BundleRequest {
        let id = event.record
        switch change {
        case .created: return BundleRequest(method: .post, url: "Patient")
        case .updated: return BundleRequest(method: .put, url: "Patient/\(id)")
        case .removed: return BundleRequest(method: .delete, url: "Patient/\(id)")
        }
    }

    var response: BundleResponse {
        let status = change == .created ? "201" : change == .removed ? "204" : "200"
        return BundleResponse(status: status, lastModified: instant)
    }
}

extension JSONWriter {
    /// One parameter with what a body writes into it.
    mutating func parameter(_ name: String, _ body: (inout JSONWriter) -> Void) {
        beginObject()
        member("name", name)
        body(&self)
        endObject()
    }
}
