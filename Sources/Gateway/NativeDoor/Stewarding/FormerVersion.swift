internal import Coordinator
internal import FHIR
internal import Identifiers
internal import PatientMapping

/// Finds the version of a record that is stored again where a decision is taken back.
struct FormerVersion {
    /// Versions that are looked at for the last one before a replacement.
    private static let lookedAt: UInt32 = 64

    private let call: DoorCall

    init(_ call: DoorCall) { self.call = call }

    /// What the replaced record of a merge said before it was replaced; `nil` where neither record took the place of
    /// the other, or it has changed since.
    func beforeReplacement(_ ruling: Ruling) async throws(DoorFault) -> Submission? {
        guard ruling.state == .standing, ruling.records.count == 2 else { return nil }
        for (id, other) in zip(ruling.records, ruling.records.reversed()) {
            guard let now = try await record(id, nil), !now.deleted, let patient = Self.patient(now),
                let link = patient.links.first(where: { $0.kind == .replacedBy }), patient.isSubsumed
            else { continue }
            guard try await RecordMerge(call: call).find(link.other)?.id == other else { continue }
            var version = now.version
            while version > 1, now.version - version < Self.lookedAt {
                version -= 1
                guard let old = try await record(id, version), !old.deleted, let before = Self.patient(old) else {
                    break
                }
                if !before.isSubsumed { return try submission(old, over: now) }
            }
        }
        return nil
    }

    /// Stores an old version over the current one.
    func submission(_ old: StoredRecord, over now: StoredRecord) throws(DoorFault) -> Submission {
        do throws(FHIRError) {
            let record = try call.configuration.mapping.record(decoding: old.document.span.bytes, key: old.key)
            return Submission(record: record, document: old.document, expectedVersion: now.version)
        } catch {
            throw DoorFault.unreadable(old.id)
        }
    }

    /// The record as it is, or a version of it.
    private func record(_ id: RecordID, _ version: UInt32?) async throws(DoorFault) -> StoredRecord? {
        // What is stored again must be whole, also where a steward sees identifiers only.
        try await call.askForUpdate { (registry) async throws(RegistryError) in
            guard let version else { return try await registry.record(id: id) }
            return try await registry.record(id: id, version: version)
        }
    }

    private static func patient(_ record: StoredRecord) -> Patient? {
        try? Patient(decoding: record.document.span.bytes)
    }
}
