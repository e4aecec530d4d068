internal import PatientMapping
internal import Coordinator
internal import Demographics
internal import Entrance
internal import FHIR
internal import Identifiers
internal import Identity
internal import PatientSearch

/// Finds in the change feed what one subscriber wants to know, as its client may see it.
struct SubscriptionReading: Sendable {
    /// Entries of the feed read at a time.
    static let page = 256

    let services: DoorCall.Services
    let spec: SubscriptionSpec
    let grant: Grant

    /// A page of the feed with what of it is told.
    struct Page: Sendable {
        var subjects: [SubscriptionNotice.Subject]
        var next: Sequence
    }

    private var registry: GuardedRegistry { GuardedRegistry(services.registry, grant) }

    /// Reads the next page; events are numbered from where the subscriber is.
    func read(after cursor: Sequence, count: UInt64) async throws(RegistryError) -> Page {
        let feed = try await registry.changes(after: cursor, limit: Self.page)
        var subjects: [SubscriptionNotice.Subject] = []
        for entry in feed.entries {
            for (place, changed) in Self.changed(entry).enumerated() {
                let name = "\(entry.sequence).\(place)"
                guard var subject = try await subject(changed, name, entry) else { continue }
                subject.event.number = count + UInt64(subjects.count) + 1
                subjects.append(subject)
            }
        }
        return Page(subjects: subjects, next: feed.next)
    }

    /// The records that an entry is about: the one written, then those that belong to another person since.
    private static func changed(_ entry: ChangesPage.Entry) -> [ChangedRecord] {
        var changed = entry.record.map { [$0] } ?? []
        for event in entry.events {
            guard case .recordLinked(let record, _?, _) = event, !changed.contains(where: { $0.record == record })
            else { continue }
            changed.append(ChangedRecord(record: record, version: 0, change: .updated))
        }
        return changed
    }

    /// What is told of a record; `nil` where the subscriber does not want to know of it or may not.
    private func subject(
        _ changed: ChangedRecord,
        _ name: String,
        _ entry: ChangesPage.Entry
    ) async throws(RegistryError) -> SubscriptionNotice.Subject? {
        guard let record = try await record(changed, entry.sequence), let last = try await lastDocument(record, changed)
        else {
            return nil
        }
        guard let patient = try? Patient(decoding: last.document.span.bytes), isWanted(last, patient) else {
            return nil
        }
        let isThere = changed.change != .removed && !record.deleted
        return SubscriptionNotice.Subject(
            event: SubscriptionState.Event(
                number: 0,
                name: name,
                record: changed.record,
                version: record.version,
                at: entry.at
            ),
            change: changed.change,
            patient: isThere ? try? PatientAnswer.bytes(record, services.configuration) : nil,
            person: record.golden?.rawValue ?? changed.record.rawValue
        )
    }

    /// The version that an entry is about.
    ///
    /// Of a record that came to another person it is the one that stood then, so that a subscriber never hears of an
    /// older version after a newer one.
    private func record(_ changed: ChangedRecord, _ at: Sequence) async throws(RegistryError) -> StoredRecord? {
        guard changed.version == 0 else {
            return try await registry.record(id: changed.record, version: changed.version)
        }
        guard let record = try await registry.record(id: changed.record) else { return nil }
        return try await registry.version(at: at, of: record)
    }

    /// The last version that says something: of a removal the one before it.
    private func lastDocument(
        _ record: StoredRecord,
        _ changed: ChangedRecord
    ) async throws(RegistryError) -> StoredRecord? {
        guard record.deleted else { return record }
        guard record.version > 1 else { return nil }
        return try await registry.record(id: changed.record, version: record.version - 1)
    }

    private func isWanted(_ record: StoredRecord, _ patient: Patient) -> Bool {
        guard !spec.criteria.isEmpty else { return true }
        let identifiers = services.configuration.identifiers
        let context = PatientQuery.Context(
            authorities: identifiers.authorities,
            goldenSystem: identifiers.goldenSystem,
            now: Int64(clamping: services.time())
        )
        guard let query = try? PatientQuery(spec.criteria, context), !query.isUnfulfillable else { return false }
        return query.matches(
            PatientQuery.Subject(
                patient: patient,
                id: record.id.description,
                golden: record.golden?.description ?? "",
                updated: Int64(clamping: record.updated)
            )
        )
    }

    /// The subjects of events that happened before, as they are now.
    func subjects(of events: [SubscriptionState.Event]) async throws(RegistryError) -> [SubscriptionNotice.Subject] {
        var subjects: [SubscriptionNotice.Subject] = []
        for event in events {
            let record = try await registry.record(id: event.record, version: event.version)
            let isThere = record.map { !$0.deleted } ?? false
            subjects.append(
                SubscriptionNotice.Subject(
                    event: event,
                    change: isThere ? .updated : .removed,
                    patient: isThere ? record.flatMap { try? PatientAnswer.bytes($0, services.configuration) } : nil,
                    person: record?.golden?.rawValue ?? event.record.rawValue
                )
            )
        }
        return subjects
    }
}
