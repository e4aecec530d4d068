internal import Coordinator
internal import FHIR
internal import Identifiers
internal import Identity
internal import PatientMapping

/// Lets one record take the place of another (ITI-104 "resolve duplicate", PMIR merge, `Patient/$merge`, A40).
///
/// The replaced record stays, inactive and with a link to the survivor; a decision that the two are one person joins
/// them, so that everything that was known under the old identifier is found under the survivor's.
struct RecordMerge: Sendable {
    let call: DoorCall

    /// The record that takes the place of another, as a link of its Patient says.
    ///
    /// - Throws: a 422 where the link names none, more than one, the record itself, or one of another domain.
    func survivor(of patient: Patient, _ key: RecordKey) async throws(DoorFault) -> StoredRecord {
        let links = patient.links.enumerated().filter { $0.element.kind == .replacedBy }
        let place = "Patient.link[\(links.first?.offset ?? 0)].other"
        guard links.count == 1, let link = links.first?.element else {
            throw DoorFault(422, .businessRule, "a record is replaced by one other record", at: "Patient.link")
        }
        guard patient.active == false else {
            throw DoorFault(
                422,
                .businessRule,
                "a record that was replaced must be active: false",
                at: "Patient.active"
            )
        }
        guard let record = try await find(link.other), !record.deleted else {
            throw DoorFault(422, .notFound, "there is no such record to take its place", at: place)
        }
        try await check(key, record, at: place)
        return record
    }

    /// Checks that one record may take the place of another.
    ///
    /// - Throws: a 422 where it may not.
    func check(_ key: RecordKey, _ survivor: StoredRecord, at place: String) async throws(DoorFault) {
        guard survivor.key != key else {
            throw DoorFault(422, .businessRule, "a record cannot take its own place", at: place)
        }
        guard survivor.key.source == key.source else {
            throw DoorFault(422, .businessRule, "only a record of the same authority can take its place", at: place)
        }
        guard try !StoredPatient(survivor).patient.isSubsumed else {
            throw DoorFault(422, .businessRule, "that record was itself replaced by another one", at: place)
        }
        guard let stored = try await record(key), !stored.deleted else { return }
        let before = try StoredPatient(stored).patient.links.first { $0.kind == .replacedBy }
        guard let before, let other = try await find(before.other), other.id != survivor.id else { return }
        throw DoorFault(422, .businessRule, "the record was replaced by another one already", at: place)
    }

    /// Joins two records: an entry of the book of rulings, which a steward can take back.
    func join(_ replaced: RecordID, _ survivor: RecordID) async throws(DoorFault) {
        guard let pair = RecordPair(replaced, survivor) else { return }
        let request = RulingRequest(
            .stated(.mustLink, pair),
            by: String(call.request.caller.name.prefix(StewardDecision.byLimit / 4)),
            comment: "\(replaced) replaced by \(survivor), as its source said"
        )
        _ = try await call.ask { (registry) async throws(RegistryError) in
            try await registry.rule(request, storing: nil)
        }
    }

    /// Whether a reference names a record: by its identifier, or by its id at this registry.
    ///
    /// An id of another server that ends alike, or of another kind of resource, names somebody else.
    static func names(_ reference: Reference, _ record: StoredRecord, _ call: DoorCall) -> Bool {
        if !reference.identifierValue.isEmpty {
            let named = Identifier(system: reference.identifierSystem, value: reference.identifierValue)
            if call.configuration.mapping.key(named) == record.key { return true }
        }
        let own = "Patient/\(record.id)"
        return reference.reference == own || reference.reference == "\(call.fhirBase)/\(own)"
    }

    /// The record that a link names: by an identifier, or by a reference to its id.
    func find(_ reference: Reference) async throws(DoorFault) -> StoredRecord? {
        if !reference.identifierValue.isEmpty {
            let mapping = call.configuration.mapping
            let named = Identifier(system: reference.identifierSystem, value: reference.identifierValue)
            return try await record(mapping.key(named))
        }
        guard let id = reference.reference.split(separator: "/").last.flatMap({ RecordID($0) }) else { return nil }
        return try await call.ask { (registry) async throws(RegistryError) in try await registry.record(id: id) }
    }

    private func record(_ key: RecordKey) async throws(DoorFault) -> StoredRecord? {
        try await call.ask { (registry) async throws(RegistryError) in try await registry.record(key) }
    }
}
