internal import Coordinator
internal import Identifiers
internal import JSON

/// `/api/v1/cluster/backups` and `/api/v1/cluster/scrub`: what the leader does besides writes, at an operator's word.
///
///     {"action": "start", "name": "monday", "follow": true, "bytesPerSecond": 20000000}
///     {"action": "stop", "name": "monday"}
///     {"mend": true, "recordsPerSecond": 5000}
enum ClusterKeeping {
    private static let backupsPath = NativeDoor.base + "/cluster/backups"
    private static let scrubPath = NativeDoor.base + "/cluster/scrub"

    static let backups = Route(
        "native.cluster.backups",
        .native,
        "GET",
        backupsPath,
        access: .operate,
        "Lists the backups, those under way first."
    ) { call async throws(DoorFault) -> DoorAnswer in
        backups(try await ask(call, .report))
    }

    static let changeBackups = Route(
        "native.cluster.backup",
        .native,
        "POST",
        backupsPath,
        access: .rearrange,
        "Begins or ends a backup on the node that leads: {action: start | stop, name, follow, bytesPerSecond}."
    ) { call async throws(DoorFault) -> DoorAnswer in
        let body = try body(call)
        guard let name = body["name"]?.string, !name.isEmpty else { throw .invalid("is missing", at: "name") }
        switch body["action"]?.string {
        case "start":
            let rate = try number(body, "bytesPerSecond")
            let follows = body["follow"]?.boolean ?? false
            return backups(try await ask(call, .backUp(name: name, bytesPerSecond: rate, follows: follows)))
        case "stop": return backups(try await ask(call, .stop(name: name)))
        default: throw .invalid("must be start or stop", at: "action")
        }
    }

    static let scrub = Route(
        "native.cluster.scrub.read",
        .native,
        "GET",
        scrubPath,
        access: .operate,
        "Says how far the scrub is, and what it found."
    ) { call async throws(DoorFault) -> DoorAnswer in
        scrub(try await ask(call, .report))
    }

    static let beginScrub = Route(
        "native.cluster.scrub",
        .native,
        "POST",
        scrubPath,
        access: .rearrange,
        "Compares what derives from the records with them, and mends it where that is asked for: "
            + "{mend, recordsPerSecond}."
    ) { call async throws(DoorFault) -> DoorAnswer in
        let body = try body(call)
        let rate = try number(body, "recordsPerSecond")
        return scrub(try await ask(call, .scrub(mends: body["mend"]?.boolean ?? false, recordsPerSecond: rate)))
    }

    private static func ask(_ call: DoorCall, _ order: KeepingOrder) async throws(DoorFault) -> KeepingReport {
        try await call.ask { (registry) async throws(RegistryError) in try await registry.keep(order) }
    }

    private static func body(_ call: DoorCall) throws(DoorFault) -> JSONObject {
        try JSONBody.require(call.request, ["application/json"])
        return try JSONBody.parse(call.request.body)
    }

    private static func number(_ body: JSONObject, _ name: String) throws(DoorFault) -> UInt64 {
        guard let value = body[name] else { return 0 }
        guard let number = value.integer, number >= 0 else { throw .invalid("must be a whole number", at: name) }
        return UInt64(number)
    }

    private static func backups(_ report: KeepingReport) -> DoorAnswer {
        var writer = JSONWriter(capacity: 1_024)
        writer.beginObject()
        writer.key("backups")
        writer.beginArray()
        for backup in report.backups {
            writer.beginObject()
            writer.member("name", backup.name)
            writer.member("phase", "\(backup.phase)")
            writer.member("began", number: backup.began)
            writer.member("bytes", number: backup.bytes)
            if backup.phase == .copying {
                writer.member("done", number: backup.slotsDone)
                writer.member("of", number: Slot.count)
            }
            if backup.cut > .zero || backup.phase == .complete {
                writer.member("cut", number: backup.cut.rawValue)
                writer.member("through", number: backup.through.rawValue)
            }
            if !backup.fault.isEmpty { writer.member("fault", backup.fault) }
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return .json(writer.bytes)
    }

    private static func scrub(_ report: KeepingReport) -> DoorAnswer {
        var writer = JSONWriter(capacity: 1_024)
        writer.beginObject()
        if let scrub = report.scrub {
            writer.member("phase", "\(scrub.phase)")
            writer.member("done", number: scrub.slotsDone)
            writer.member("of", number: Slot.count)
            writer.member("records", number: scrub.records)
            writer.member("found", number: scrub.found)
            writer.member("mended", number: scrub.mended)
            if !scrub.fault.isEmpty { writer.member("fault", scrub.fault) }
            writer.key("findings")
            writer.beginArray()
            for finding in scrub.findings {
                writer.beginObject()
                writer.member("finding", finding.text)
                writer.member("mended", flag: finding.isMended)
                writer.endObject()
            }
            writer.endArray()
        } else {
            writer.member("phase", "none")
        }
        writer.endObject()
        return .json(writer.bytes)
    }
}
