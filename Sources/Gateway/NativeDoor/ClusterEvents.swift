internal import Coordinator
internal import JSON

/// `GET /api/v1/cluster/events`: what happened to the cluster, as this coordinator saw it since it was started.
enum ClusterEvents {
    static let route = Route(
        "native.cluster.events",
        .native,
        "GET",
        NativeDoor.base + "/cluster/events",
        access: .operate,
        parameters: [PageParameters.after],
        "Says what happened to the cluster, the oldest first: who led, which replicas came and went and why, how slots "
            + "moved; keep the last `number` and pass it as `after` to go on.",
        answer: answer
    )

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        guard let after = UInt64(call.request.target["after"] ?? "0") else {
            throw .invalid("not the number of an event", at: "after")
        }
        let events = await call.registry.events(after: after)
        var writer = JSONWriter(capacity: 128 * events.count + 64)
        writer.beginObject()
        writer.key("events")
        writer.beginArray()
        for event in events {
            writer.beginObject()
            writer.member("number", number: event.number)
            writer.member("at", milliseconds: event.at)
            writer.member("kind", event.kind.rawValue)
            writer.member("subject", event.subject)
            writer.member("text", event.text)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return .json(writer.bytes)
    }
}
