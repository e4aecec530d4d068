/// What an auditor looks for: everything that is set has to be so.
public struct AuditQuery: Sendable, Hashable {
    /// Not before this moment, in milliseconds since 1970.
    public var from: UInt64?
    /// Before this moment.
    public var until: UInt64?
    /// The client's name, or the user's or a subject's.
    public var agent: String?
    /// The address of the client.
    public var address: String?
    /// A record's address, a golden identifier, or the value of an identifier.
    public var patient: String?
    /// The system of that identifier.
    public var patientSystem: String?
    /// What was done.
    public var action: AuditEvent.Action?
    /// How it went.
    public var outcome: AuditEvent.Outcome?
    /// The interaction, the route, or the IHE transaction.
    public var subtype: String?
    /// What the client called the request.
    public var request: String?
    /// Only events that broke the glass.
    public var isBreakGlass = false

    /// Everything.
    public init() {}

    /// Texts that a line must hold to be worth reading.
    var needles: [[UInt8]] {
        [patient, patientSystem, agent, address, request].compactMap { text in
            // What JSON may write in two ways is not looked for.
            guard let text,
                text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) && $0 != 0x22 && $0 != 0x5C && $0 != 0x2F })
            else { return nil }
            return Array(text.utf8)
        }
    }

    /// Whether an event is one of those.
    public func matches(_ event: AuditEvent) -> Bool {
        if let from, event.time < from { return false }
        if let until, event.time >= until { return false }
        if let action, event.action != action { return false }
        if let outcome, event.outcome != outcome { return false }
        if let address, event.address != address { return false }
        if let request, event.request != request { return false }
        if isBreakGlass, event.reason.isEmpty { return false }
        if let agent, event.client != agent, event.user?.subject != agent, event.user?.name != agent { return false }
        if let subtype, ![event.interaction, event.route, event.transaction].contains(subtype) { return false }
        guard patient != nil || patientSystem != nil else { return true }
        return event.entities.contains { entity in
            if let patientSystem, entity.source != patientSystem { return false }
            guard let patient else { return true }
            return entity.record == patient || entity.golden == patient || entity.value == patient
        }
    }
}
