internal import Access
internal import Entrance

/// Where a request is let in or turned away.
enum Admission {
    /// Finds out who the caller is and whether the route is open to them; nothing is done that cannot be remembered.
    ///
    /// - Throws: a 401, 403 or 429, or a 503 where the audit trail cannot be written.
    static func admit(_ request: inout DoorRequest, to route: Route, _ services: DoorCall.Services) throws(DoorFault) {
        guard !isOpen(route, services) else { return }
        do throws(EntranceRefusal) {
            request.caller = Caller(grant: try services.entrance.admit(request.credentials))
            try request.caller.grant.require(route.access.need)
        } catch {
            // The trail names whom it may have been.
            if request.caller == .anonymous {
                request.caller = Caller(grant: .open(error.client, address: request.credentials.address))
            }
            throw DoorFault(error)
        }
        if let fault = services.recorder.fault { throw .busy(fault, after: 1) }
    }

    private static func isOpen(_ route: Route, _ services: DoorCall.Services) -> Bool {
        if route.access.isOpen { return true }
        return route.name == MetricsRead.route.name && services.entrance.policy?.hasOpenMetrics ?? true
    }

    /// Whether the caller of a request may use another route as well, as an entry of a bundle does.
    static func require(_ need: ScopeNeed, of request: DoorRequest) throws(DoorFault) {
        do throws(EntranceRefusal) {
            try request.caller.grant.require(need)
        } catch {
            throw DoorFault(error)
        }
    }
}
