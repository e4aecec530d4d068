internal import JSON

extension AuditEvent {
    /// The event as one line of JSON; what is empty is left out.
    var encoded: [UInt8] {
        var writer = JSONWriter(capacity: 512 + entities.count * 128)
        writer.beginObject()
        writer.key("at")
        writer.integer(time)
        writer.member("kind", kind.rawValue)
        writer.member("action", action.rawValue)
        writer.member("did", interaction)
        writer.text("iti", transaction)
        writer.member("route", route)
        writer.key("outcome")
        writer.integer(outcome.rawValue)
        writer.text("detail", detail)
        writer.member("client", client)
        if let user { writer.user(user) }
        writer.text("sender", sender)
        writer.text("receiver", receiver)
        writer.text("from", address)
        writer.text("reason", reason)
        writer.text("request", request)
        writer.text("query", query)
        writer.text("rules", rules)
        if !entities.isEmpty {
            writer.key("about")
            writer.beginArray()
            for entity in entities { writer.entity(entity) }
            writer.endArray()
        }
        if omitted > 0 {
            writer.key("omitted")
            writer.integer(omitted)
        }
        writer.endObject()
        return writer.bytes
    }

    /// Reads what `encoded` wrote; `nil` where it is something else.
    init?(_ value: JSONValue) {
        guard let time = value["at"]?.integer, time >= 0,
            let action = value["action"]?.string.flatMap(Action.init(rawValue:)),
            let outcome = value["outcome"]?.integer.flatMap(Outcome.init(rawValue:)),
            let kind = value["kind"]?.string.flatMap(Kind.init(rawValue:))
        else { return nil }
        func text(_ name: String) -> String { value[name]?.string ?? "" }
        self.init(
            time: UInt64(time),
            action: action,
            interaction: text("did"),
            route: text("route"),
            client: text("client")
        )
        self.kind = kind
        self.outcome = outcome
        transaction = text("iti")
        detail = text("detail")
        address = text("from")
        reason = text("reason")
        request = text("request")
        query = text("query")
        rules = text("rules")
        user = value["user"].map(AuditUser.init)
        sender = text("sender")
        receiver = text("receiver")
        entities = value["about"]?.array?.map(AuditEntity.init) ?? []
        omitted = value["omitted"]?.integer ?? 0
    }
}

extension AuditUser {
    fileprivate init(_ value: JSONValue) {
        func text(_ name: String) -> String { value[name]?.string ?? "" }
        self.init(
            issuer: text("issuer"),
            subject: text("subject"),
            name: text("name"),
            token: text("token"),
            roles: value["roles"]?.array?.compactMap(\.string) ?? [],
            purposes: value["purposes"]?.array?.compactMap(\.string) ?? []
        )
    }
}

extension AuditEntity {
    fileprivate init(_ value: JSONValue) {
        func text(_ name: String) -> String { value[name]?.string ?? "" }
        self.init(
            source: text("source"),
            value: text("value"),
            record: text("record"),
            golden: text("golden"),
            version: value["version"]?.integer.flatMap(UInt32.init(exactly:)) ?? 0,
            done: text("done"),
            weight: value["weight"]?.double
        )
    }
}

extension JSONWriter {
    fileprivate mutating func text(_ name: String, _ value: String) {
        if !value.isEmpty { member(name, value) }
    }

    fileprivate mutating func texts(_ name: String, _ values: [String]) {
        guard !values.isEmpty else { return }
        key(name)
        beginArray()
        for value in values { string(value) }
        endArray()
    }

    fileprivate mutating func user(_ user: AuditUser) {
        key("user")
        beginObject()
        text("issuer", user.issuer)
        text("subject", user.subject)
        text("name", user.name)
        text("token", user.token)
        texts("roles", user.roles)
        texts("purposes", user.purposes)
        endObject()
    }

    fileprivate mutating func entity(_ entity: AuditEntity) {
        beginObject()
        text("source", entity.source)
        text("value", entity.value)
        text("record", entity.record)
        text("golden", entity.golden)
        if entity.version > 0 {
            key("version")
            integer(entity.version)
        }
        text("done", entity.done)
        if let weight = entity.weight {
            key("weight")
            double(weight)
        }
        endObject()
    }
}
