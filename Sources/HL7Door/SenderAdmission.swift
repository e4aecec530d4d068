internal import Access
internal import Audit
internal import Entrance
internal import HL7v2
internal import Transport

/// Who may send messages, and what is remembered of them.
extension HL7Door {
    /// Finds out who the sender is and whether the message is open to them.
    ///
    /// - Throws: a refusal; nothing has been looked at.
    func admit(
        _ request: inout HL7Request,
        _ peer: PeerInfo,
        _ door: inout HL7Door,
        _ notes: AccessNotes
    ) throws(Refusal) {
        var credentials = Credentials(peer)
        credentials.sender = request.sender
        do throws(EntranceRefusal) {
            door.grant = .open("", address: credentials.address)
            let grant = try entrance.admit(credentials)
            if entrance.policy != nil { request.client = grant.client }
            door.grant = entrance.policy == nil ? .open(request.client, address: credentials.address) : grant
            try door.grant.require(Self.need(request))
        } catch {
            throw .message(HL7Error(.internal, at: .segment("MSH"), "not let in: \(error.detail)"))
        }
        if let fault = recorder.fault { throw .unavailable(fault) }
        door.notes = notes
        door.registry = GuardedRegistry(registry, door.grant, recorder.isOn ? notes : nil)
    }

    private static func need(_ request: HL7Request) -> ScopeNeed {
        switch request.type {
        case "QBP", "QCN": .reading("s", ["ITI-9", "ITI-21"])
        default: .writing("cud", ["ITI-8", "ITI-30"])
        }
    }

    /// Asks for what is about to be changed and written back: of the sender's own records nothing is left out.
    var updating: HL7Door {
        guard let guarded = registry as? GuardedRegistry else { return self }
        var door = self
        door.registry = guarded.forUpdate
        return door
    }

    /// Leaves in the trail what became of a message.
    ///
    /// - Returns: what to answer instead, where it could not be remembered.
    func leave(
        _ request: HL7Request,
        _ outcome: Outcome,
        _ notes: AccessNotes,
        at time: UInt64
    ) async -> Refusal? {
        guard recorder.isOn else { return nil }
        // Only kinds that exist become names.
        let kind = HeaderCheck.kinds.contains("\(request.type)^\(request.event)") ? request.event : "other"
        var event = AuditEvent(
            time: time,
            action: Self.action(request),
            interaction: kind,
            route: "hl7.\(kind)",
            client: request.client
        )
        event.kind = request.type == "QBP" ? .query : .record
        event.transaction = Self.transaction(request)
        event.sender = request.party(3)
        event.receiver = request.party(5)
        event.request = String(request.controlID.prefix(199))
        event.outcome = outcome.code == "AA" ? .success : outcome.code == "AE" ? .minor : .serious
        event.detail = outcome.faults.map(\.reason).joined(separator: "; ")
        if event.kind == .query { event.query = String(decoding: request.bytes, as: UTF8.self) }
        do throws(AuditError) {
            if request.event == "A40", outcome.code == "AA", !notes.subsumed.isEmpty {
                // Of a merge, IHE has an event for the patient that is gone and one for who took its place (ITI-8).
                var gone = event
                gone.action = .delete
                try await recorder.record(gone, grant, notes.only(notes.subsumed))
                try await recorder.record(event, grant, notes.without(notes.subsumed))
            } else {
                try await recorder.record(event, grant, notes)
            }
        } catch {
            return .unavailable("the audit trail cannot be written: \(error.detail)")
        }
        return nil
    }

    private static func action(_ request: HL7Request) -> AuditEvent.Action {
        switch (request.type, request.event) {
        case ("ADT", "A01"), ("ADT", "A04"), ("ADT", "A05"), ("ADT", "A28"): .create
        case ("ADT", _): .update
        default: .execute
        }
    }

    private static func transaction(_ request: HL7Request) -> String {
        switch (request.type, request.event) {
        case ("QBP", "Q23"): "ITI-9"
        case ("QBP", _), ("QCN", _): "ITI-21"
        case ("ADT", _): request.version.hasPrefix("2.3") ? "ITI-8" : "ITI-30"
        default: ""
        }
    }
}
