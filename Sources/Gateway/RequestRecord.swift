internal import Audit
internal import Entrance

/// What is remembered of a request.
struct RequestRecord {
    /// Longest body of a search that is kept with it.
    private static let bodyMax = 16 << 10

    let route: Route
    let request: DoorRequest
    let notes: AccessNotes?

    /// Leaves it in the trail.
    ///
    /// - Returns: the fault to answer in place of what was done, where it could not be remembered.
    func leave(_ status: Int, _ detail: String, _ services: DoorCall.Services) async -> DoorFault? {
        guard services.recorder.isOn, !route.access.isOpen, route.door != .operations else { return nil }
        let access = route.access
        let (action, interaction) = done(access, status)
        var event = AuditEvent(
            time: services.time(),
            action: action,
            interaction: interaction,
            route: route.name,
            client: request.caller.name
        )
        event.transaction = access.transaction
        event.outcome = Self.outcome(status)
        event.detail = detail
        event.request = String((request.headers["x-request-id"] ?? "").prefix(128))
        if access.action == .execute, !access.interaction.isEmpty { event.query = query }
        do throws(AuditError) {
            try await services.recorder.record(event, request.caller.grant, notes)
        } catch {
            return .busy("the audit trail cannot be written: \(error.detail)", after: 1)
        }
        return nil
    }

    /// What was done: an update may have made the record, and a create found it there (ITI-104 tells them apart).
    private func done(_ access: RouteAccess, _ status: Int) -> (AuditEvent.Action, String) {
        switch (access.interaction, status) {
        case ("update", 201): (.create, "create")
        case ("create", 200) where request.headers["if-none-exist"] == nil: (.update, "update")
        default: (access.action, access.interaction)
        }
    }

    /// The request as it was sent; of a body only what a search consists of.
    private var query: String {
        let line = "\(request.method) \(request.sentTarget)"
        let isBodyTheQuery = route.method == "POST" && route.access.interaction == "search-type"
        guard isBodyTheQuery, !request.body.isEmpty else { return line }
        return line + "\r\n\r\n" + String(decoding: request.body.prefix(Self.bodyMax), as: UTF8.self)
    }

    private static func outcome(_ status: Int) -> AuditEvent.Outcome {
        switch status {
        case ..<400: .success
        case 401, 403, 429, 503: .serious
        case ..<500: .minor
        default: .major
        }
    }
}
