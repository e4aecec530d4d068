internal import Access
public import Audit

/// Where doors leave what they did: the trail, or nowhere.
public struct Recorder: Sendable {
    /// The trail; `nil`: nothing is recorded.
    public let trail: AuditTrail?
    /// The version of the rules that decide.
    public let rules: String
    /// Milliseconds since 1970.
    public let now: @Sendable () -> UInt64

    /// A recorder.
    ///
    /// - Parameters:
    ///   - trail: where events are kept; `nil`: nowhere.
    ///   - rules: the version of the rules that decide.
    ///   - now: milliseconds since 1970.
    public init(
        _ trail: AuditTrail?,
        rules: String = "",
        now: @escaping @Sendable () -> UInt64 = { 0 }
    ) {
        self.trail = trail
        self.rules = rules
        self.now = now
    }

    /// Records nothing.
    public static let none = Recorder(nil)

    /// Whether anything is recorded.
    public var isOn: Bool { trail != nil }

    /// Why nothing can be done now: what cannot be recorded must not be done.
    public var fault: String? { trail?.fault.map { "the audit trail cannot be written: \($0.detail)" } }

    /// Fills in who did it and what was touched, and records an event, as `AuditTrail.record` does.
    ///
    /// - Throws: why it could not be recorded.
    public func record(_ event: AuditEvent, _ grant: Grant?, _ notes: AccessNotes?) async throws(AuditError) {
        guard let trail else { return }
        var event = event
        event.rules = rules
        if let grant {
            event.client = grant.client
            event.address = grant.address
            event.reason = grant.breakGlass
            if let claims = grant.user {
                event.user = AuditUser(
                    issuer: claims.issuer,
                    subject: claims.subject,
                    name: claims.user.name,
                    token: claims.id,
                    roles: claims.user.roles,
                    purposes: claims.user.purposes
                )
            }
        }
        if let notes {
            let (entities, omitted) = notes.entities
            event.entities = entities
            event.omitted = omitted
            if !notes.rules.isEmpty { event.rules = notes.rules }
        }
        try await trail.record(event)
    }
}
