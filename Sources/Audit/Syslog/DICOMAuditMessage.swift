internal import FHIR

/// Writes events as DICOM audit messages (PS 3.15, A.5) in the shapes of IHE ATNA.
struct DICOMAuditMessage {
    private struct Code {
        let value: String
        let system: String
        let text: String
    }

    /// The name of the registry, as the observer and the destination of every event.
    let observer: String
    let process: Int

    /// The message of an event.
    func bytes(_ event: AuditEvent) -> [UInt8] {
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><AuditMessage>"
        identify(event, &text)
        participants(event, &text)
        text += "<AuditSourceIdentification AuditSourceID=\"\(Self.escaped(observer))\">"
        Self.code("AuditSourceTypeCode", Code(value: "4", system: "DCM", text: "Application Server"), &text)
        text += "</AuditSourceIdentification>"
        if !event.query.isEmpty { query(event, &text) }
        for entity in event.entities { object(entity, of: event, &text) }
        text += "</AuditMessage>"
        return Array(text.utf8)
    }

    private func identify(_ event: AuditEvent, _ text: inout String) {
        let time = FHIRInstant(milliseconds: Int64(clamping: event.time))
        text += "<EventIdentification EventActionCode=\"\(event.action.rawValue)\" EventDateTime=\"\(time)\""
        text += " EventOutcomeIndicator=\"\(event.outcome.rawValue)\">"
        Self.code("EventID", Self.kind(event), &text)
        let type = Self.type(event)
        if let type { Self.code("EventTypeCode", type, &text) }
        if !event.detail.isEmpty {
            text += "<EventOutcomeDescription>\(Self.escaped(event.detail))</EventOutcomeDescription>"
        }
        if !event.reason.isEmpty {
            Self.code("PurposeOfUse", Code(value: "BTG", system: "ActReason", text: "break the glass"), &text)
        }
        text += "</EventIdentification>"
    }

    private static func kind(_ event: AuditEvent) -> Code {
        switch event.kind {
        case .activity: Code(value: "110100", system: "DCM", text: "Application Activity")
        case .alert: Code(value: "110113", system: "DCM", text: "Security Alert")
        case .query: Code(value: "110112", system: "DCM", text: "Query")
        case .rest where !event.query.isEmpty: Code(value: "110112", system: "DCM", text: "Query")
        case .rest, .record: Code(value: "110110", system: "DCM", text: "Patient Record")
        }
    }

    private static func type(_ event: AuditEvent) -> Code? {
        switch (event.kind, event.interaction) {
        case (.activity, "start"): Code(value: "110120", system: "DCM", text: "Application Start")
        case (.activity, "stop"): Code(value: "110121", system: "DCM", text: "Application Stop")
        case (.alert, _): Code(value: "110126", system: "DCM", text: "Node Authentication")
        case (_, let interaction) where event.transaction.isEmpty:
            Code(value: interaction, system: "Tessera", text: event.route)
        default: Code(value: event.transaction, system: "IHE Transactions", text: event.route)
        }
    }

    private func participants(_ event: AuditEvent, _ text: inout String) {
        let isActivity = event.kind == .activity
        if !isActivity {
            // Who a message says to be is its UserID (ITI-8, ITI-9, ITI-21); whom we know it as is the name.
            let isMessage = !event.sender.isEmpty
            participant(
                isMessage ? event.sender : event.client,
                named: isMessage ? event.client : "",
                true,
                event.address,
                Code(value: "110153", system: "DCM", text: "Source Role ID"),
                &text
            )
            if let user = event.user {
                text += "<ActiveParticipant UserID=\"\(Self.escaped(user.subject))\""
                if !user.name.isEmpty { text += " UserName=\"\(Self.escaped(user.name))\"" }
                text += " UserIsRequestor=\"true\"/>"
            }
        }
        let role =
            isActivity
            ? Code(value: "110150", system: "DCM", text: "Application")
            : Code(value: "110152", system: "DCM", text: "Destination Role ID")
        let receiver = event.receiver.isEmpty ? observer : event.receiver
        participant(receiver, named: event.receiver.isEmpty ? "" : observer, false, "", role, &text)
    }

    private func participant(
        _ id: String,
        named name: String,
        _ asks: Bool,
        _ address: String,
        _ role: Code,
        _ text: inout String
    ) {
        text += "<ActiveParticipant UserID=\"\(Self.escaped(id))\""
        if !asks { text += " AlternativeUserID=\"\(process)\"" }
        if !name.isEmpty { text += " UserName=\"\(Self.escaped(name))\"" }
        text += " UserIsRequestor=\"\(asks)\""
        if !address.isEmpty {
            text += " NetworkAccessPointID=\"\(Self.escaped(address))\" NetworkAccessPointTypeCode=\"2\""
        }
        text += ">"
        Self.code("RoleIDCode", role, &text)
        text += "</ActiveParticipant>"
    }

    /// What was asked, as it was sent.
    private func query(_ event: AuditEvent, _ text: inout String) {
        let name = event.request.isEmpty ? event.route : event.request
        text += "<ParticipantObjectIdentification ParticipantObjectID=\"\(Self.escaped(name))\""
        text += " ParticipantObjectTypeCode=\"2\" ParticipantObjectTypeCodeRole=\"24\">"
        let transaction = event.transaction.isEmpty ? event.interaction : event.transaction
        Self.code(
            "ParticipantObjectIDTypeCode",
            Code(value: transaction, system: "IHE Transactions", text: event.route),
            &text
        )
        text += "<ParticipantObjectQuery>\(Base64.encode(event.query.utf8))</ParticipantObjectQuery>"
        text += Self.control(event)
        text += "</ParticipantObjectIdentification>"
    }

    /// The control id of a message of HL7 v2.
    private static func control(_ event: AuditEvent) -> String {
        guard event.kind == .query || event.kind == .record, !event.request.isEmpty else { return "" }
        return "<ParticipantObjectDetail type=\"MSH-10\" value=\"\(Base64.encode(event.request.utf8))\"/>"
    }

    /// A record, by its identifier as HL7 v2 writes it (CX).
    private func object(_ entity: AuditEntity, of event: AuditEvent, _ text: inout String) {
        var name = entity.value
        if name.isEmpty { name = entity.golden.isEmpty ? entity.record : entity.golden }
        guard !name.isEmpty else { return }
        if !entity.value.isEmpty {
            let oid = entity.source.hasPrefix("urn:oid:") ? entity.source.dropFirst(8) : nil
            name += oid.map { "^^^&\($0)&ISO" } ?? "^^^&\(entity.source)&URI"
        }
        text += "<ParticipantObjectIdentification ParticipantObjectID=\"\(Self.escaped(name))\""
        text += " ParticipantObjectTypeCode=\"1\" ParticipantObjectTypeCodeRole=\"1\">"
        let number = Code(value: "2", system: "RFC-3881", text: "Patient Number")
        Self.code("ParticipantObjectIDTypeCode", number, &text)
        text += Self.control(event)
        text += "<ParticipantObjectDetail type=\"done\" value=\"\(Base64.encode(entity.done.utf8))\"/>"
        text += "</ParticipantObjectIdentification>"
    }

    private static func code(_ element: String, _ code: Code, _ text: inout String) {
        text += "<\(element) csd-code=\"\(escaped(code.value))\" codeSystemName=\"\(code.system)\""
        text += " originalText=\"\(escaped(code.text))\"/>"
    }

    /// Text as it stands in an attribute; what XML 1.0 cannot say at all becomes a question mark.
    private static func escaped(_ text: String) -> String {
        var written = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": written.append(contentsOf: "&amp;".unicodeScalars)
            case "<": written.append(contentsOf: "&lt;".unicodeScalars)
            case ">": written.append(contentsOf: "&gt;".unicodeScalars)
            case "\"": written.append(contentsOf: "&quot;".unicodeScalars)
            case "\t", "\n", "\r": written.append(contentsOf: "&#\(scalar.value);".unicodeScalars)
            case _ where scalar.value < 32 || (0xFFFE...0xFFFF).contains(scalar.value): written.append("?")
            default: written.append(scalar)
            }
        }
        return String(written)
    }
}
