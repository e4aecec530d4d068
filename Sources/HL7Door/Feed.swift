internal import Access
internal import Authorities
internal import Coordinator
internal import Demographics
internal import Entrance
internal import FHIR
internal import HL7Mapping
internal import HL7v2
internal import Identifiers
internal import PatientMapping

/// Registrations and updates (ITI-8, ITI-30): A01, A04, A05, A28, and A08, A31.
extension HL7Door {
    /// Times an update is tried again when somebody else changed the record meanwhile.
    private static let attempts = 4

    /// Stores what a message says of a patient.
    ///
    /// A registration replaces what its source said before; an update leaves alone what it does not mention.
    func register(_ request: HL7Request, isUpdate: Bool) async throws(Refusal) {
        let pid = try person(in: request)
        let identifiers = try identifiers(of: pid, request)
        let own = try ownIdentifier(among: identifiers, request)
        let key = RecordKey(source: own.system, value: own.value)
        for _ in 0..<Self.attempts {
            var update = pid
            var kept: [Identifier] = []
            var expected: UInt32?
            var before: Patient?
            if isUpdate {
                let stored = try await updating.ask { (registry) async throws(RegistryError) in
                    try await registry.record(key)
                }
                if let stored, !stored.deleted {
                    let patient = try StoredPatient(stored)
                    guard !patient.isSubsumed else { throw Self.merged(own) }
                    let writing = PatientWriting(authorities: settings.identifiers.authorities)
                    update = SegmentUpdate.applied(pid, to: writing.segment(patient.patient))
                    kept = patient.identifiers(leftAloneBy: pid)
                    expected = stored.version
                    before = patient.patient
                } else if !settings.registersOnUpdate {
                    throw .content(HL7Error(.unknownKey, at: own.location, "the patient is not known"))
                }
            }
            update = try await withMother(update, request)
            var patient = try read(update, identifiers, kept)
            if let before { Self.keep(from: before, in: &patient) }
            guard try await store(patient, key, expected, own) else { continue }
            return
        }
        throw .unavailable("the record is being changed by others")
    }

    /// What an update by HL7 v2 cannot say stays.
    private static func keep(from before: Patient, in patient: inout Patient) {
        patient.contacts = before.contacts
        patient.managingOrganization = before.managingOrganization
        patient.links = before.links
        patient.extensions += before.extensions.filter { old in
            old.url != KeptSegment.url && old.value != .other && !patient.extensions.contains { $0.url == old.url }
                && old.url != Patient.mothersMaidenNameURL
        }
    }

    /// The one segment PID of a message.
    private func person(in request: HL7Request) throws(Refusal) -> HL7Segment {
        let all = request.message.all("PID")
        guard let pid = all.first else {
            throw .content(HL7Error(.segmentSequence, at: .segment("PID"), "the segment PID is missing"))
        }
        guard all.count == 1 else {
            throw .content(HL7Error(.segmentSequence, at: .segment("PID", 2), "one patient a message"))
        }
        return pid
    }

    /// The identifiers of PID-3.
    func identifiers(of pid: HL7Segment, _ request: HL7Request) throws(Refusal) -> [AssignedIdentifier] {
        let found: [AssignedIdentifier]
        do throws(HL7Error) {
            found = try reading(for: request.client).identifiers(pid, 3)
        } catch {
            throw .content(error)
        }
        guard !found.isEmpty else {
            let reason = "a patient needs an identifier with its assigning authority"
            throw .content(HL7Error(.requiredField, at: HL7Location("PID", field: 3), reason))
        }
        return found
    }

    /// The identifier that names the record: the first of a domain in which the sender assigns.
    func ownIdentifier(
        among identifiers: [AssignedIdentifier],
        _ request: HL7Request
    ) throws(Refusal) -> AssignedIdentifier {
        let authorities = settings.identifiers.authorities
        let all = identifiers
        let identifiers = all.filter { grant.writes.contains($0.system) }
        guard !identifiers.isEmpty else {
            let reason = "the sender may not write records of this domain"
            throw .content(HL7Error(.unknownKey, at: all[0].location, reason))
        }
        if let own = identifiers.first(where: { authorities.isAssigner(request.client, $0.system) }) { return own }
        if let own = identifiers.first(where: { authorities.mayAssign(request.client, $0.system) }) { return own }
        var place = identifiers[0].location
        place.component = 4
        throw .content(HL7Error(.unknownKey, at: place, "the sender may not assign identifiers in this domain"))
    }

    private func read(
        _ pid: HL7Segment,
        _ identifiers: [AssignedIdentifier],
        _ kept: [Identifier]
    ) throws(Refusal) -> Patient {
        let reading = PatientReading(
            identifiers: IdentifierReading(authorities: settings.identifiers.authorities),
            nationalSystem: settings.identifiers.nationalSystem
        )
        do throws(HL7Error) {
            return try reading.patient(pid, own: identifiers, kept: kept)
        } catch {
            throw .content(error)
        }
    }

    /// A newborn's mother is told by her identifier (PID-21): her name becomes PID-6 where the message has none.
    private func withMother(_ pid: HL7Segment, _ request: HL7Request) async throws(Refusal) -> HL7Segment {
        guard pid.isEmpty(6), !pid.isEmpty(21) else { return pid }
        let mothers: [AssignedIdentifier]
        do throws(HL7Error) {
            mothers = try reading(for: request.client).identifiers(pid, 21)
        } catch {
            throw .content(error)
        }
        guard let mother = mothers.first else { return pid }
        let key = RecordKey(source: mother.system, value: mother.value)
        let stored = try await ask { (registry) async throws(RegistryError) in try await registry.record(key) }
        guard let stored, !stored.deleted else { return pid }
        let writing = PatientWriting(authorities: settings.identifiers.authorities)
        var result = pid.rewritten(.usual)
        let name = writing.segment(try StoredPatient(stored).patient).field(5).first
        if !name.isEmpty { result.set(6, HL7Field([name])) }
        return result
    }

    /// Stores a Patient; false where the record changed meanwhile.
    private func store(
        _ patient: Patient,
        _ key: RecordKey,
        _ expected: UInt32?,
        _ own: AssignedIdentifier
    ) async throws(Refusal) -> Bool {
        let record: SourceRecord
        do throws(FHIRError) {
            record = try settings.mapping.record(from: patient, key: key)
        } catch {
            throw .content(HL7Error(.dataType, at: .segment("PID"), error.reason))
        }
        let submission = Submission(record: record, document: patient.encoded(), expectedVersion: expected)
        switch await registry.submit([submission]).first {
        // An update that is kept for a steward is safe with us: sending it again would change nothing.
        // So is a record that is searched for later.
        case .stored, .held, .waiting: return true
        case .refused(.versionConflict): return false
        case .refused(.replaced): throw Self.merged(own)
        case .refused(.forbidden):
            let reason = "the sender may not write records of this domain"
            throw .content(HL7Error(.unknownKey, at: own.location, reason))
        case .refused(.addressCollision):
            throw .content(HL7Error(.duplicateKey, at: own.location, "another record has the same address"))
        case .refused, .removed: throw .unavailable("the record is being changed by others")
        case .unavailable(let reason, _): throw .unavailable(reason)
        case nil: throw .unavailable("no answer")
        }
    }

    static func merged(_ identifier: AssignedIdentifier) -> Refusal {
        .content(HL7Error(.unknownKey, at: identifier.location, "the identifier was merged into another one"))
    }
}
