internal import FHIR
internal import JSON

/// Writes events as FHIR R4 AuditEvents in the shapes of IHE BALP.
public struct AuditEventResource: Sendable {
    private static let dicom = "http://dicom.nema.org/resources/ontology/DCM"
    private static let types = "http://terminology.hl7.org/CodeSystem/audit-event-type"
    private static let entityTypes = "http://terminology.hl7.org/CodeSystem/audit-entity-type"
    private static let objectRoles = "http://terminology.hl7.org/CodeSystem/object-role"

    /// The name of the registry, as the observer and the server of every event.
    private let observer: String
    private let goldenSystem: String

    /// A writer.
    ///
    /// - Parameters:
    ///   - observer: by what name the registry is known.
    ///   - goldenSystem: the system of golden identifiers.
    public init(observer: String, goldenSystem: String) {
        self.observer = observer
        self.goldenSystem = goldenSystem
    }

    /// The resource of an event.
    public func bytes(_ found: AuditReader.Found) -> [UInt8] {
        let event = found.event
        var writer = JSONWriter(capacity: 2_048)
        writer.beginObject()
        writer.member("resourceType", "AuditEvent")
        // An event that goes elsewhere has no place in the trail's numbers.
        if found.number > 0 { writer.member("id", String(found.number)) }
        writeMeta(event, to: &writer)
        writeType(event, to: &writer)
        writer.member("action", event.action.rawValue)
        writer.member("recorded", FHIRInstant(milliseconds: Int64(clamping: event.time)).description)
        writer.member("outcome", String(event.outcome.rawValue))
        if !event.detail.isEmpty { writer.member("outcomeDesc", event.detail) }
        writePurposes(event, to: &writer)
        writeAgents(event, to: &writer)
        writer.key("source")
        writer.beginObject()
        writer.key("observer")
        writer.display(observer)
        writer.endObject()
        writeEntities(event, to: &writer)
        writer.endObject()
        return writer.bytes
    }

    private func writeMeta(_ event: AuditEvent, to writer: inout JSONWriter) {
        let name: String? =
            switch (event.kind, event.action) {
            case (.rest, .create): "IHE.BasicAudit.PatientCreate"
            case (.rest, .update): "IHE.BasicAudit.PatientUpdate"
            case (.rest, .delete): "IHE.BasicAudit.PatientDelete"
            case (.rest, .read): "IHE.BasicAudit.PatientRead"
            case (.rest, .execute) where !event.query.isEmpty: "IHE.BasicAudit.PatientQuery"
            default: nil
            }
        guard let name, event.entities.contains(where: { !$0.value.isEmpty }) else { return }
        writer.key("meta")
        writer.beginObject()
        writer.key("profile")
        writer.beginArray()
        writer.string("https://profiles.ihe.net/ITI/BALP/StructureDefinition/\(name)")
        writer.endArray()
        writer.endObject()
    }

    private func writeType(_ event: AuditEvent, to writer: inout JSONWriter) {
        writer.key("type")
        switch event.kind {
        case .rest: writer.coding(Self.types, "rest", "RESTful Operation")
        case .record: writer.coding(Self.dicom, "110110", "Patient Record")
        case .query: writer.coding(Self.dicom, "110112", "Query")
        case .activity: writer.coding(Self.dicom, "110100", "Application Activity")
        case .alert: writer.coding(Self.dicom, "110113", "Security Alert")
        }
        writer.key("subtype")
        writer.beginArray()
        if event.kind == .rest {
            writer.coding("http://hl7.org/fhir/restful-interaction", event.interaction, nil)
        } else if event.kind == .activity {
            let isStart = event.interaction == "start"
            let isStop = event.interaction == "stop"
            if isStart || isStop {
                writer.coding(
                    Self.dicom,
                    isStart ? "110120" : "110121",
                    isStart ? "Application Start" : "Application Stop"
                )
            }
        } else if event.kind == .alert {
            writer.coding(Self.dicom, "110126", "Node Authentication")
        }
        if !event.transaction.isEmpty { writer.coding("urn:ihe:event-type-code", event.transaction, nil) }
        writer.coding("urn:tessera:route", event.route, nil)
        writer.endArray()
    }

    private func writePurposes(_ event: AuditEvent, to writer: inout JSONWriter) {
        let purposes = event.user?.purposes ?? []
        guard !purposes.isEmpty || !event.reason.isEmpty else { return }
        let reasons = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
        writer.key("purposeOfEvent")
        writer.beginArray()
        if !event.reason.isEmpty { writer.concept(reasons, "BTG", "break the glass", event.reason) }
        for purpose in purposes { writer.concept(reasons, purpose, nil, "") }
        writer.endArray()
    }

    private func writeAgents(_ event: AuditEvent, to writer: inout JSONWriter) {
        // Of a read, the client is where the data goes to; of everything else, where it comes from (BALP).
        let isRead = event.action == .read
        let source = ("110153", "Source Role ID")
        let destination = ("110152", "Destination Role ID")
        let client = event.action == .delete ? ("110150", "Application") : isRead ? destination : source
        let server = isRead ? source : destination
        writer.key("agent")
        writer.beginArray()
        writer.beginObject()
        writer.key("type")
        writer.concept(Self.dicom, client.0, client.1, "")
        writer.key("who")
        writer.identified("", event.client.isEmpty ? "unknown" : event.client)
        writer.key("requestor")
        writer.boolean(event.user == nil)
        if !event.sender.isEmpty { writer.member("altId", event.sender) }
        if !event.address.isEmpty { network(event.address, to: &writer) }
        writer.endObject()
        writer.beginObject()
        writer.key("type")
        if event.action == .delete {
            let participants = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
            writer.concept(participants, "custodian", "Custodian", "")
        } else {
            writer.concept(Self.dicom, server.0, server.1, "")
        }
        writer.key("who")
        writer.display(observer)
        writer.key("requestor")
        writer.boolean(false)
        if !event.receiver.isEmpty { writer.member("altId", event.receiver) }
        writer.endObject()
        if let user = event.user { agent(user, to: &writer) }
        writer.endArray()
    }

    private func network(_ address: String, to writer: inout JSONWriter) {
        writer.key("network")
        writer.beginObject()
        writer.member("address", address)
        writer.member("type", "2")
        writer.endObject()
    }

    private func agent(_ user: AuditUser, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("type")
        writer.concept("http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "IRCP", nil, "")
        if !user.roles.isEmpty {
            writer.key("role")
            writer.beginArray()
            for role in user.roles { writer.concept("", role, nil, role) }
            writer.endArray()
        }
        writer.key("who")
        writer.identified(user.issuer, user.subject)
        if !user.name.isEmpty { writer.member("name", user.name) }
        writer.key("requestor")
        writer.boolean(true)
        if !user.token.isEmpty {
            writer.key("policy")
            writer.beginArray()
            writer.string(user.token)
            writer.endArray()
        }
        writer.endObject()
    }

    private func writeEntities(_ event: AuditEvent, to writer: inout JSONWriter) {
        guard !event.entities.isEmpty || !event.query.isEmpty || !event.request.isEmpty || event.omitted > 0 else {
            return
        }
        writer.key("entity")
        writer.beginArray()
        for entity in event.entities { write(entity, of: event, to: &writer) }
        if !event.query.isEmpty {
            writer.beginObject()
            writer.key("type")
            writer.coding(Self.entityTypes, "2", "System Object")
            writer.key("role")
            writer.coding(Self.objectRoles, "24", "Query")
            writer.member("query", Base64.encode(event.query.utf8))
            writer.endObject()
        }
        if !event.request.isEmpty {
            writer.beginObject()
            writer.key("what")
            writer.identified("", event.request)
            writer.key("type")
            let types = "https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType"
            writer.coding(types, "XrequestId", nil)
            writer.endObject()
        }
        if event.omitted > 0 {
            writer.beginObject()
            writer.member("description", "\(event.omitted) further records")
            writer.endObject()
        }
        writer.endArray()
    }

    /// The version that was read or written, as the data that an event is about (BALP, entity data).
    private func writeData(_ entity: AuditEntity, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("what")
        writer.beginObject()
        writer.member("reference", "Patient/\(entity.record)/_history/\(entity.version)")
        writer.endObject()
        writer.key("type")
        writer.coding(Self.entityTypes, "2", "System Object")
        writer.key("role")
        writer.coding(Self.objectRoles, "4", "Domain Resource")
        writer.endObject()
    }

    private func write(_ entity: AuditEntity, of event: AuditEvent, to writer: inout JSONWriter) {
        let isVersion = event.kind == .rest && entity.version > 0 && !entity.record.isEmpty
        // Of one record the data and the patient are told apart; candidates of a search are patients with a version.
        let isApart = isVersion && event.action != .execute
        if isApart { writeData(entity, to: &writer) }
        let isData = isVersion && !isApart
        writer.beginObject()
        writer.key("what")
        writer.beginObject()
        if isData {
            writer.member("reference", "Patient/\(entity.record)/_history/\(entity.version)")
        }
        if !entity.value.isEmpty {
            writer.key("identifier")
            writer.beginObject()
            if !entity.source.isEmpty { writer.member("system", entity.source) }
            writer.member("value", entity.value)
            writer.endObject()
        } else if !isData, !entity.record.isEmpty {
            writer.member("reference", "Patient/\(entity.record)")
        }
        writer.endObject()
        writer.key("type")
        writer.coding(Self.entityTypes, "1", "Person")
        writer.key("role")
        writer.coding(Self.objectRoles, "1", "Patient")
        if !entity.done.isEmpty { writer.member("description", entity.done) }
        var details: [(String, String)] = []
        if !entity.golden.isEmpty { details.append((goldenSystem, entity.golden)) }
        if let weight = entity.weight { details.append(("weight", "\(weight)")) }
        if !event.rules.isEmpty { details.append(("rules", event.rules)) }
        if !details.isEmpty {
            writer.key("detail")
            writer.beginArray()
            for (type, value) in details {
                writer.beginObject()
                writer.member("type", type)
                writer.member("valueString", value)
                writer.endObject()
            }
            writer.endArray()
        }
        writer.endObject()
    }
}

extension JSONWriter {
    fileprivate mutating func coding(_ system: String, _ code: String, _ display: String?) {
        beginObject()
        if !system.isEmpty { member("system", system) }
        member("code", code)
        if let display { member("display", display) }
        endObject()
    }

    fileprivate mutating func concept(_ system: String, _ code: String, _ display: String?, _ text: String) {
        beginObject()
        if !system.isEmpty {
            key("coding")
            beginArray()
            coding(system, code, display)
            endArray()
        }
        if !text.isEmpty { member("text", text) }
        endObject()
    }

    fileprivate mutating func display(_ text: String) {
        beginObject()
        member("display", text)
        endObject()
    }

    fileprivate mutating func identified(_ system: String, _ value: String) {
        beginObject()
        key("identifier")
        beginObject()
        if !system.isEmpty { member("system", system) }
        member("value", value)
        endObject()
        endObject()
    }
}
