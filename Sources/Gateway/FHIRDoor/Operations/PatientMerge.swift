internal import Audit
internal import Coordinator
internal import FHIR
internal import Identifiers
internal import JSON
internal import PatientMapping

/// `POST Patient/$merge`: lets one record take the place of another (FHIR R5 operation, accepted on R4).
enum PatientMerge {
    static let route = Route(
        "fhir.patient.merge",
        .fhir,
        "POST",
        FHIRDoor.base + "/Patient/$merge",
        access: .write(.update, "operation", ""),
        capability: .operation("merge", definition: "http://hl7.org/fhir/OperationDefinition/Patient-merge"),
        "Lets one record take the place of another.",
        answer: answer
    )

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        try FHIRFormat.requireJSON(call.request)
        let parameters: Parameters
        let body = call.request.body
        do throws(FHIRError) {
            parameters = try Parameters(decoding: body.span.bytes)
        } catch {
            throw DoorFault(error)
        }
        let source = try await record("source", parameters, call)
        let target = try await record("target", parameters, call)
        guard source.id != target.id else {
            throw .invalid("source and target are one record", at: "Parameters.parameter")
        }
        let merge = RecordMerge(call: call)
        try await merge.check(source.key, target, at: "Parameters.parameter")
        let rules = WriteRules(call)
        try rules.checkAssigner(source.key, place: "Parameters.parameter")
        let isPreview = parameters.all("preview").first?.value?.boolean ?? false
        let wanted = try result(parameters, source, target, call)
        var after = target
        if !isPreview {
            if let wanted { _ = try await call.result(of: wanted, withPatient: false) }
            let replacedID = source.id
            let whole = try await call.askForUpdate { (registry) async throws(RegistryError) in
                try await registry.record(id: replacedID)
            }
            let write = try replaced(whole ?? source, by: target, rules)
            _ = try await call.result(of: write, withPatient: false)
            let id = target.id
            let found = try await call.ask { (registry) async throws(RegistryError) in try await registry.record(id: id)
            }
            if let found { after = found }
        }
        return .resource(try write(call.request.body, after, source, isPreview, call))
    }

    /// What the survivor is to be, where the client says so (`result-patient`).
    ///
    /// - Throws: a 400 where it is not the target, or does not link to what it replaces.
    private static func result(
        _ parameters: Parameters,
        _ source: StoredRecord,
        _ target: StoredRecord,
        _ call: DoorCall
    ) throws(DoorFault) -> PatientWrite? {
        let (rules, body) = (WriteRules(call), call.request.body)
        guard let parameter = parameters.all("result-patient").first else { return nil }
        let place = "Parameters.parameter.where(name = 'result-patient').resource"
        guard let range = parameter.resource?.range, let value = try? JSONValue(parsing: Array(body[range]).span.bytes),
            case .object(var object) = value
        else { throw DoorFault(400, .required, "result-patient must be a Patient", at: place) }
        object["id"] = object["id"] ?? .string(target.id.description)
        let document = JSONValue.object(object).serialised()
        let patient: Patient
        do throws(FHIRError) {
            patient = try Patient(decoding: document.span.bytes)
        } catch {
            var fault = DoorFault(error).within(place)
            fault.status = 400
            throw fault
        }
        guard patient.id == target.id.description,
            patient.identifiers.contains(where: { rules.mapping.key($0) == target.key })
        else {
            throw .invalid("result-patient must be the target, with its id and its identifier", at: place)
        }
        let isLinked = patient.links.contains { link in
            link.kind == .replaces && RecordMerge.names(link.other, source, call)
        }
        guard isLinked else {
            throw .invalid("result-patient must link to the source with the type replaces", at: "\(place).link")
        }
        return try .update(target.id.description, document, WriteCondition(), rules)
    }

    /// The one record that the parameters of a side name.
    private static func record(
        _ side: String,
        _ parameters: Parameters,
        _ call: DoorCall
    ) async throws(DoorFault) -> StoredRecord {
        let merge = RecordMerge(call: call)
        var found: [StoredRecord] = []
        var isNamed = false
        if let reference = parameters.all("\(side)-patient").first?.value?["reference"]?.string {
            isNamed = true
            if let record = try await merge.find(Reference(reference: reference)) { found.append(record) }
        }
        for parameter in parameters.all("\(side)-patient-identifier") {
            isNamed = true
            let named = Reference(
                identifierSystem: parameter.value?["system"]?.string ?? "",
                identifierValue: parameter.value?["value"]?.string ?? ""
            )
            if let record = try await merge.find(named) { found.append(record) }
        }
        let place = "Parameters.parameter"
        guard isNamed else {
            throw DoorFault(400, .required, "\(side)-patient or \(side)-patient-identifier is needed", at: place)
        }
        let live = found.filter { !$0.deleted }
        guard let record = live.first, live.allSatisfy({ $0.id == record.id }) else {
            throw DoorFault(
                400,
                .notFound,
                "\(side) must name exactly one Patient, found \(Set(live.map(\.id)).count)",
                at: place
            )
        }
        return record
    }

    /// The write that makes a record say that another took its place.
    private static func replaced(
        _ source: StoredRecord,
        by target: StoredRecord,
        _ rules: WriteRules
    ) throws(DoorFault) -> PatientWrite {
        var stamp = PatientStamp(id: source.id.description, active: false)
        let other = Reference(
            reference: "Patient/\(target.id)",
            identifierSystem: target.key.source,
            identifierValue: target.key.value
        )
        let document: [UInt8]
        do throws(FHIRError) {
            let before = try Patient(decoding: source.document.span.bytes)
            if !before.isSubsumed { stamp.links = [PatientLink(other: other, kind: .replacedBy)] }
            document = try stamp.applied(to: source.document.span.bytes)
        } catch {
            throw DoorFault.unreadable(source.id)
        }
        return try .update(source.id.description, document, WriteCondition(), rules)
    }

    private static func write(
        _ body: [UInt8],
        _ target: StoredRecord,
        _ source: StoredRecord,
        _ isPreview: Bool,
        _ call: DoorCall
    ) throws(DoorFault) -> [UInt8] {
        var writer = JSONWriter(capacity: 2_048)
        writer.beginObject()
        writer.member("resourceType", "Parameters")
        writer.key("parameter")
        writer.beginArray()
        let text = isPreview ? "nothing was changed: this is what would be" : "the source was replaced by the target"
        let outcome = OperationOutcome(.information, .informational, text).encoded()
        let parts = [("input", body), ("outcome", outcome), ("result", try survivor(target, source, call))]
        for (name, resource) in parts {
            writer.beginObject()
            writer.member("name", name)
            writer.key("resource")
            writer.raw(resource)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }

    /// The survivor as it stands, with a link to what it replaces and the old identifiers: as it is read from now on.
    private static func survivor(
        _ target: StoredRecord,
        _ source: StoredRecord,
        _ call: DoorCall
    ) throws(DoorFault) -> [UInt8] {
        var replaced = try StoredPatient(source).patient
        if !replaced.isSubsumed {
            let other = Reference(reference: "Patient/\(target.id)")
            replaced.links.append(PatientLink(other: other, kind: .replacedBy))
        }
        return try PatientRead.bytes(target, [StoredPatient(source, as: replaced)], call)
    }
}
