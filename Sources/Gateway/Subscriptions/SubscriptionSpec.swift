internal import FHIR
internal import JSON
internal import PatientSearch

/// A Subscription as it is understood: what is told, to whom, and in which form (FHIR R4; PMIR; the R5 backport).
struct SubscriptionSpec: Sendable {
    /// The form of what is sent.
    enum Form: Sendable, Hashable {
        /// R4 rest-hook: an empty POST, or the resource by PUT where a payload is named.
        case hook
        /// PMIR (ITI-94): a feed message (ITI-93).
        case message
        /// The R5 backport: a notification bundle.
        case notification(Content)
    }

    /// What a notification bundle holds of a resource.
    enum Content: String, Sendable, Hashable {
        case empty
        case idOnly = "id-only"
        case fullResource = "full-resource"
    }

    /// The one topic: Patients that are made, changed or removed, or that belong to another person.
    static let topic = "urn:tessera:topic:patient-changed"
    /// Where extensions of the backport are defined.
    static let backport = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/"
    /// Seconds that a subscriber may take where it says nothing.
    static let timeoutDefault = 30

    let form: Form
    let endpoint: String
    let headers: [(name: String, value: String)]
    let isXML: Bool
    /// Whether anything but the fact that something happened is sent.
    let hasPayload: Bool
    /// What Patients have to satisfy; empty: all.
    let criteria: [(name: String, value: String)]
    /// Seconds after which a quiet subscriber is told that it is quiet; `nil`: never.
    let heartbeat: Int?
    let timeout: Int
    /// When it ends by itself, in milliseconds since 1970.
    let end: Int64?
    /// Whether the client wants nothing for now.
    let isOff: Bool

    /// Whether it begins with a handshake.
    var hasHandshake: Bool {
        if case .notification = form { return true }
        return false
    }

    /// Reads and checks a resource.
    ///
    /// - Throws: a fault that names the element.
    init(_ resource: JSONValue) throws(DoorFault) {
        guard resource["resourceType"]?.string == "Subscription" else {
            throw DoorFault(400, .structure, "the body must be a Subscription", at: "resourceType")
        }
        guard let status = resource["status"]?.string else { throw Self.required("status") }
        guard status == "requested" || status == "off" || status == "active" || status == "error" else {
            throw DoorFault(422, .value, "must be requested or off", at: "Subscription.status")
        }
        isOff = status == "off"
        guard let criteria = resource["criteria"]?.string, !criteria.isEmpty else { throw Self.required("criteria") }
        guard let channel = resource["channel"] else { throw Self.required("channel") }
        guard let endpoint = channel["endpoint"]?.string else { throw Self.required("channel.endpoint") }
        let isHTTP = endpoint.hasPrefix("http://") || endpoint.hasPrefix("https://")
        guard isHTTP, endpoint.utf8.count <= 2_048, !endpoint.contains(where: \.isWhitespace) else {
            throw DoorFault(422, .value, "must be an http or https URL", at: "Subscription.channel.endpoint")
        }
        guard !HookEndpoint.isRefused(endpoint) else {
            let detail = "nothing is sent to this address"
            throw DoorFault(422, .security, detail, at: "Subscription.channel.endpoint")
        }
        self.endpoint = endpoint
        headers = try Self.headers(channel)
        let payload = channel["payload"]?.string ?? ""
        hasPayload = !payload.isEmpty
        guard payload.isEmpty || payload.contains("json") || payload.contains("xml") else {
            throw DoorFault(
                422,
                .notSupported,
                "must be application/fhir+json or application/fhir+xml",
                at: "Subscription.channel.payload"
            )
        }
        isXML = payload.contains("xml")
        end = resource["end"]?.string.flatMap(Moments.milliseconds)
        let extensions = channel["extension"]?.array ?? []
        heartbeat = try Self.seconds("backport-heartbeat-period", extensions)
        timeout = try Self.seconds("backport-timeout", extensions) ?? Self.timeoutDefault
        _ = try Self.seconds("backport-max-count", extensions)
        form = try Self.form(resource, channel, criteria)
        self.criteria = try Self.criteria(resource, criteria, form)
        if case .message = form {
            guard resource["contact"]?[0]?["value"]?.string != nil else { throw Self.required("contact") }
            guard hasPayload else { throw Self.required("channel.payload") }
        }
    }

    private static func required(_ element: String) -> DoorFault {
        DoorFault(422, .required, "the element is needed", at: "Subscription.\(element)")
    }

    private static func form(
        _ resource: JSONValue,
        _ channel: JSONValue,
        _ criteria: String
    ) throws(DoorFault) -> Form {
        let type = channel["type"]?.string ?? ""
        if type == "message" { return .message }
        guard type == "rest-hook" else {
            throw DoorFault(422, .notSupported, "must be rest-hook or message", at: "Subscription.channel.type")
        }
        let profiles = resource["meta"]?["profile"]?.array?.compactMap(\.string) ?? []
        let isQuery = criteria == "Patient" || criteria.hasPrefix("Patient?")
        let isBackport = criteria == topic || profiles.contains { $0.hasPrefix(backport + "backport-subscription") }
        guard isBackport else {
            guard isQuery || !criteria.contains("/") && !criteria.contains(":") else {
                throw DoorFault(422, .notSupported, "there is no such topic", at: "Subscription.criteria")
            }
            return .hook
        }
        guard criteria == topic else {
            throw DoorFault(422, .notSupported, "there is no such topic; known: \(topic)", at: "Subscription.criteria")
        }
        let content = value("backport-payload-content", resource["channel"]?["_payload"]?["extension"]?.array ?? [])
        guard let text = content?.string else { return .notification(.empty) }
        guard let known = Content(rawValue: text) else {
            let detail = "must be empty, id-only or full-resource"
            throw DoorFault(422, .notSupported, detail, at: "Subscription.channel.payload.extension")
        }
        return .notification(known)
    }

    private static func criteria(
        _ resource: JSONValue,
        _ text: String,
        _ form: Form
    ) throws(DoorFault) -> [(name: String, value: String)] {
        var queries: [String] = []
        if case .notification = form {
            for item in resource["_criteria"]?["extension"]?.array ?? [] {
                guard let url = item["url"]?.string, url.hasSuffix("backport-filter-criteria") else { continue }
                queries.append(item["valueString"]?.string ?? "")
            }
            guard queries.count <= 1 else {
                let detail = "one filter is supported"
                throw DoorFault(422, .notSupported, detail, at: "Subscription.criteria.extension")
            }
        } else {
            queries = [text]
        }
        guard let query = queries.first else { return [] }
        let parts = query.split(separator: "?", maxSplits: 1)
        guard parts.first == "Patient" else {
            throw DoorFault(422, .notSupported, "only Patient is supported", at: "Subscription.criteria")
        }
        guard parts.count > 1 else { return [] }
        return try RequestTarget.items(of: parts[1]).map { ($0.name, $0.value) }
    }

    private static func headers(_ channel: JSONValue) throws(DoorFault) -> [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = []
        for (index, item) in (channel["header"]?.array ?? []).enumerated() {
            let parts = (item.string ?? "").split(separator: ":", maxSplits: 1)
            let place = "Subscription.channel.header[\(index)]"
            guard parts.count == 2, headers.count < 16 else {
                throw DoorFault(422, .value, "must be Name: value, 16 at most", at: place)
            }
            let name = String(ContentNegotiation.trimmed(parts[0]))
            let value = String(ContentNegotiation.trimmed(parts[1]))
            let isClean = value.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } && HookEndpoint.isToken(name)
            guard isClean, value.utf8.count <= 8_192 else {
                throw DoorFault(422, .value, "must be plain ASCII", at: place)
            }
            guard !HookEndpoint.own.contains(name.lowercased()) else {
                throw DoorFault(422, .value, "\(name) is for the registry to say", at: place)
            }
            headers.append((name, value))
        }
        return headers
    }

    private static func value(_ name: String, _ extensions: [JSONValue]) -> JSONValue? {
        guard let found = extensions.first(where: { $0["url"]?.string == backport + name })?.object else { return nil }
        return found.members.first { $0.key.hasPrefix("value") }?.value
    }

    private static func seconds(_ name: String, _ extensions: [JSONValue]) throws(DoorFault) -> Int? {
        guard let found = value(name, extensions) else { return nil }
        guard let seconds = found.integer, (1...86_400).contains(seconds) else {
            throw DoorFault(422, .value, "\(name) must be 1 to 86400", at: "Subscription.channel.extension")
        }
        return seconds
    }
}
