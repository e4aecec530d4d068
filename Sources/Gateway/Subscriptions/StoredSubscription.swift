internal import Coordinator
internal import FHIR
internal import Identifiers
internal import JSON

/// A Subscription as it is kept: a note in a numbered place, written by the doors alone.
struct StoredSubscription: Sendable {
    /// Places at most: each is a reader of the change feed while something happens.
    static let limit = 1_000

    /// Its logical id: the place, and letters that tell it from an earlier one there.
    let id: String
    /// The resource as the client sent it, without id and meta.
    var resource: JSONValue
    /// The address of the FHIR door by which it was made.
    let base: String
    /// The client that made it.
    let owner: String
    /// Its version, from 1.
    var revision: UInt32
    /// When it was written, in milliseconds since 1970.
    var updated: UInt64
    /// The last change that it is not about.
    var start: Sequence
    /// The last order about its dead letters.
    var order: DeadLetterOrder?

    /// The place of an id; `nil` where it is none.
    static func place(of id: String) -> Int? {
        guard id.hasPrefix("s"), let dash = id.firstIndex(of: "-") else { return nil }
        guard let place = Int(id[id.index(after: id.startIndex)..<dash]), (1...limit).contains(place) else {
            return nil
        }
        return place
    }

    /// The name of the note in a place.
    static func name(_ place: Int) -> String { "subscription|\(place)" }

    init(
        id: String,
        resource: JSONValue,
        base: String,
        owner: String,
        revision: UInt32,
        updated: UInt64,
        start: Sequence
    ) {
        self.base = base
        self.id = id
        self.resource = resource
        self.owner = owner
        self.revision = revision
        self.updated = updated
        self.start = start
    }

    /// Reads what `encoded` wrote; anything else is no subscription.
    init?(decoding bytes: [UInt8]) {
        guard let value = try? JSONValue(parsing: bytes.span.bytes), value["version"]?.integer == 1,
            let id = value["id"]?.string, let resource = value["resource"],
            let start = value["start"]?.string.flatMap(UInt64.init)
        else { return nil }
        self.init(
            id: id,
            resource: resource,
            base: value["base"]?.string ?? "",
            owner: value["owner"]?.string ?? "",
            revision: UInt32(clamping: value["revision"]?.integer ?? 1),
            updated: UInt64(clamping: value["updated"]?.integer ?? 0),
            start: Sequence(start)
        )
        order = DeadLetterOrder(value["order"])
    }

    func encoded() -> [UInt8] {
        var object: JSONObject = [
            "version": .number(JSONNumber(1)), "id": .string(id), "resource": resource,
            "base": .string(base), "owner": .string(owner),
            "revision": .number(JSONNumber(revision)), "updated": .number(JSONNumber(updated)),
            "start": .string(start.description),
        ]
        if let order { object["order"] = order.value }
        return JSONValue.object(object).serialised()
    }

    /// The resource as it is answered: with its status, and with secrets left out for all but its owner.
    func answer(_ state: SubscriptionState?, forOwner: Bool) -> [UInt8] {
        var object: JSONObject = ["resourceType": .string("Subscription"), "id": .string(id)]
        var meta = resource["meta"]?.object ?? JSONObject()
        meta["versionId"] = .string("\(revision)")
        meta["lastUpdated"] = .string(FHIRInstant(milliseconds: Int64(clamping: updated)).description)
        object["meta"] = .object(meta)
        for member in resource.object?.members ?? [] where object[member.key] == nil && member.key != "error" {
            object[member.key] = member.value
        }
        let (status, error) = standing(state)
        object["status"] = .string(status)
        if !error.isEmpty { object["error"] = .string(error) }
        if !forOwner, var channel = object["channel"]?.object, let headers = channel["header"]?.array {
            channel["header"] = .array(headers.map { .string(Self.masked($0.string ?? "")) })
            object["channel"] = .object(channel)
        }
        return JSONValue.object(object).serialised()
    }

    /// The status and what went wrong.
    func standing(_ state: SubscriptionState?) -> (status: String, error: String) {
        if resource["status"]?.string == "off" { return ("off", "") }
        guard let state, state.revision == revision else { return ("requested", "") }
        return (state.status.rawValue, state.status == .error ? state.error : "")
    }

    /// A header without its value.
    private static func masked(_ header: String) -> String {
        "\(header.prefix { $0 != ":" }): ***"
    }
}
