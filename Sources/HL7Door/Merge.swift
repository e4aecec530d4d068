internal import Coordinator
internal import Demographics
internal import Entrance
internal import FHIR
internal import HL7Mapping
internal import HL7v2
internal import Identifiers
internal import Identity
internal import PatientMapping

/// Merges (A40), links (A24) and their undoing (A37).
extension HL7Door {
    /// Replaces the identifier of MRG-1 by that of PID-3, for each pair of segments.
    ///
    /// Nothing is done unless every pair can be.
    func merge(_ request: HL7Request) async throws(Refusal) {
        guard !memory.remembers(request.bytes) else { return }
        let (people, merged) = (request.message.all("PID"), request.message.all("MRG"))
        guard !people.isEmpty, people.count == merged.count else {
            let missing = people.isEmpty ? "PID" : "MRG"
            throw .content(
                HL7Error(.segmentSequence, at: .segment(missing), "a merge needs a segment PID and a segment MRG")
            )
        }
        var pairs: [(survivor: StoredPatient, subsumed: StoredPatient)] = []
        for (pid, mrg) in zip(people, merged) {
            let pair = try mergePair(pid, mrg, request)
            let survivor = try await live(pair.survivor)
            pairs.append((survivor, try await live(pair.subsumed)))
        }
        for pair in pairs {
            try await subsume(pair.subsumed, by: pair.survivor, request)
            notes.note(subsumed: pair.subsumed.record.key, pair.subsumed.record.id)
        }
        memory.remember(request.bytes)
    }

    private func mergePair(
        _ pid: HL7Segment,
        _ mrg: HL7Segment,
        _ request: HL7Request
    ) throws(Refusal) -> (survivor: AssignedIdentifier, subsumed: AssignedIdentifier) {
        let survivors = try identifiers(of: pid, request)
        let subsumed: [AssignedIdentifier]
        do throws(HL7Error) {
            subsumed = try reading(for: request.client).identifiers(mrg, 1)
        } catch {
            throw .content(error)
        }
        let place = HL7Location("MRG", field: 1)
        guard let first = subsumed.first else {
            throw .content(HL7Error(.requiredField, at: place, "the identifier to be replaced is missing"))
        }
        let survivor = try ownIdentifier(among: survivors, request)
        guard let old = subsumed.first(where: { $0.system == survivor.system }) else {
            var place = first.location
            place.component = 4
            throw .content(HL7Error(.unknownKey, at: place, "both identifiers of a merge are of one domain"))
        }
        guard old.value != survivor.value else {
            throw .content(HL7Error(.duplicateKey, at: old.location, "an identifier cannot replace itself"))
        }
        return (survivor, old)
    }

    /// The record that an identifier names.
    private func live(_ identifier: AssignedIdentifier) async throws(Refusal) -> StoredPatient {
        let key = RecordKey(source: identifier.system, value: identifier.value)
        let stored = try await updating.ask { (registry) async throws(RegistryError) in try await registry.record(key) }
        guard let stored, !stored.deleted else {
            throw .content(HL7Error(.unknownKey, at: identifier.location, "the identifier is not known"))
        }
        let patient = try StoredPatient(stored)
        guard !patient.isSubsumed else { throw Self.merged(identifier) }
        return patient
    }

    private func subsume(
        _ old: StoredPatient,
        by survivor: StoredPatient,
        _ request: HL7Request
    ) async throws(Refusal) {
        try await decide(old.record.id, survivor.record.id, .mustLink, request)
        let key = survivor.record.key
        let other = Reference(identifierSystem: key.source, identifierValue: key.value)
        let stamp = PatientStamp(active: false, links: [PatientLink(other: other, kind: .replacedBy)])
        var submission: Submission
        do throws(FHIRError) {
            let document = try stamp.applied(to: old.record.document.span.bytes)
            submission = Submission(
                record: try settings.mapping.record(decoding: document.span.bytes, key: old.record.key),
                document: document,
                expectedVersion: old.record.version
            )
        } catch {
            throw .message(HL7Error(.internal, at: .segment("MRG"), "the stored document cannot be read"))
        }
        submission.isReplaced = true
        switch await registry.submit([submission]).first {
        case .stored: return
        case .unavailable(let reason, _): throw .unavailable(reason)
        case .refused, .removed, .held, .waiting, nil: throw .unavailable("the record is being changed by others")
        }
    }

    /// Says that the patients of two segments PID are, or are not, one person.
    func decide(_ request: HL7Request, _ kind: StewardDecision.Kind) async throws(Refusal) {
        let people = request.message.all("PID")
        guard people.count == 2 else {
            let reason = "two segments PID are needed"
            throw .content(HL7Error(.segmentSequence, at: .segment("PID", min(2, people.count + 1)), reason))
        }
        var records: [StoredPatient] = []
        for pid in people {
            records.append(try await live(try ownIdentifier(among: try identifiers(of: pid, request), request)))
        }
        try await decide(records[0].record.id, records[1].record.id, kind, request)
    }

    private func decide(
        _ first: RecordID,
        _ second: RecordID,
        _ kind: StewardDecision.Kind,
        _ request: HL7Request
    ) async throws(Refusal) {
        guard let pair = RecordPair(first, second) else {
            throw .content(
                HL7Error(.duplicateKey, at: HL7Location("PID", sequence: 2, field: 3), "both are one record")
            )
        }
        let ruling = RulingRequest(
            .stated(kind, pair),
            by: String(request.client.prefix(StewardDecision.byLimit / 4)),
            comment: "HL7 v2 \(request.event)"
        )
        _ = try await ask { (registry) async throws(RegistryError) in try await registry.rule(ruling, storing: nil) }
    }
}
