internal import Audit
internal import Coordinator
internal import FHIR
internal import Identifiers
internal import JSON

/// `/api/v1/rules`: the rule sets of the registry, which one decides, and the change that is under way.
///
///     POST /api/v1/rules?comment=learnt+from+2026        a rule file (YAML)
///     POST /api/v1/rules/change
///         {"action": "activate", "version": "a1b2…", "recordsPerSecond": 2000, "comment": "…"}
///         {"action": "rollback" | "pause" | "resume" | "shadow" | "replay" | "refresh", …}
enum Rules {
    private static let path = NativeDoor.base + "/rules"

    /// Records looked at a second where an order does not say: two passes through a million records take a quarter of
    /// an hour, and leave most of a small cluster to others.
    private static let rate: UInt64 = 2_000
    /// Records tried a second where an order does not say: each is compared twice.
    private static let replayRate: UInt64 = 500

    static let list = Route(
        "native.rules.list",
        .native,
        "GET",
        path,
        access: .govern(.read),
        "Lists the rule sets, what was done with them, and the change that is under way."
    ) { call async throws(DoorFault) -> DoorAnswer in
        answer(try await order(.report, "", "", call))
    }

    static let put = Route(
        "native.rules.put",
        .native,
        "POST",
        path,
        access: .govern(.create),
        parameters: [RouteParameter("comment", "Why.")],
        "Keeps a rule file (YAML, the body) as a version; what is kept never changes. Nothing is decided by it yet."
    ) { call async throws(DoorFault) -> DoorAnswer in
        try JSONBody.require(call.request, ["application/yaml", "application/x-yaml", "text/yaml", "text/plain"])
        let comment = call.request.target["comment"] ?? ""
        return answer(try await order(.put(call.request.body), Steward.name(JSONObject(), call), comment, call))
    }

    static let read = Route(
        "native.rules.read",
        .native,
        "GET",
        path + "/{version}",
        access: .govern(.read),
        "Reads a rule set as a file (YAML)."
    ) { call async throws(DoorFault) -> DoorAnswer in
        let version = try version(call.path[0], at: "version")
        let file = try await call.ask { (registry) async throws(RegistryError) in
            try await registry.ruleFile(version)
        }
        guard let file else { throw .notFound("there is no rule set \(version)") }
        return .content("application/yaml", file)
    }

    static let change = Route(
        "native.rules.change",
        .native,
        "POST",
        path + "/change",
        access: .govern(.update),
        "Orders about the rules: {action: activate | rollback | pause | resume | shadow | replay | refresh, version, "
            + "recordsPerSecond, perMille, against, comment}. Activating decides all records anew, in the background; "
            + "refreshing keeps a version with the counts of names and keys of now."
    ) { call async throws(DoorFault) -> DoorAnswer in
        try JSONBody.require(call.request, ["application/json"])
        let body = try JSONBody.parse(call.request.body)
        let action = try action(body)
        return answer(try await order(action, Steward.name(body, call), body["comment"]?.string ?? "", call))
    }

    private static func action(_ body: JSONObject) throws(DoorFault) -> RulesOrder.Action {
        switch body["action"]?.string {
        case "activate":
            return .activate(
                try version(body["version"]?.string, at: "version"),
                recordsPerSecond: try pace(body) ?? rate
            )
        case "rollback": return .rollBack(recordsPerSecond: try pace(body) ?? rate)
        case "pause": return .pause(true, recordsPerSecond: try pace(body))
        case "resume": return .pause(false, recordsPerSecond: try pace(body))
        case "shadow":
            return .shadow(
                try body["version"]?.string.map { text throws(DoorFault) in try version(text, at: "version") }
            )
        case "replay":
            return .replay(
                try version(body["version"]?.string, at: "version"),
                perMille: try share(body),
                recordsPerSecond: try pace(body) ?? replayRate
            )
        case "refresh":
            return .refresh(try version(body["version"]?.string, at: "version"), against: try alternative(body))
        default: throw .invalid("must be activate, rollback, pause, resume, shadow, replay or refresh", at: "action")
        }
    }

    /// The part of the stored records that is tried, in thousandths; all where the body does not say.
    private static func share(_ body: JSONObject) throws(DoorFault) -> UInt64 {
        guard let value = body["perMille"] else { return 1_000 }
        guard let number = value.integer, (0...1_000).contains(number) else {
            throw .invalid("must be a whole number from 0 to 1000", at: "perMille")
        }
        return UInt64(number)
    }

    private static func alternative(_ body: JSONObject) throws(DoorFault) -> String? {
        guard let value = body["against"] else { return nil }
        guard let name = value.string, (1...256).contains(name.utf8.count) else {
            throw .invalid("must be the name of an alternative", at: "against")
        }
        return name
    }

    private static func pace(_ body: JSONObject) throws(DoorFault) -> UInt64? {
        guard let value = body["recordsPerSecond"] else { return nil }
        guard let number = value.integer, number >= 0 else {
            throw .invalid("must be a whole number", at: "recordsPerSecond")
        }
        return UInt64(number)
    }

    private static func version(_ text: String?, at name: String) throws(DoorFault) -> RuleSetVersion {
        guard let text, text.utf8.count == 16, let digest = UInt64(text, radix: 16) else {
            throw .invalid("must be a version: 16 hexadecimal digits", at: name)
        }
        return RuleSetVersion(digest: digest)
    }

    private static func order(
        _ action: RulesOrder.Action,
        _ by: String,
        _ comment: String,
        _ call: DoorCall
    ) async throws(DoorFault) -> RulesReport {
        let order = RulesOrder(action, by: String(by.prefix(256)), comment: String(comment.prefix(1_000)))
        return try await call.ask { (registry) async throws(RegistryError) in try await registry.rules(order) }
    }

    private static func answer(_ report: RulesReport) -> DoorAnswer {
        var writer = JSONWriter(capacity: 2_048)
        writer.rules(report)
        return .json(writer.bytes)
    }
}
