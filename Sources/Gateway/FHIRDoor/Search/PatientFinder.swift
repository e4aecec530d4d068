internal import ShardProtocol
internal import Coordinator
internal import FHIR
internal import Identifiers
internal import PatientMapping
internal import PatientSearch

/// Carries out a search: reads what may be found, in the order of addresses, and verifies each record on its document.
///
/// Cost is bounded: an answer looks at no more than `searchRecords` records; a search that nothing narrows is refused
/// where the registry is larger than `searchWalk`.
struct PatientFinder: Sendable {
    let query: PatientQuery
    let call: DoorCall
    private let candidates: PatientQuery.Candidates

    init(_ query: PatientQuery, _ call: DoorCall) {
        self.query = query
        self.call = call
        candidates = query.candidates
    }

    /// What was found.
    struct Found: Sendable {
        var patients: [FoundPatient] = []
        /// Where to go on; `nil` where everything was looked at.
        var next: RecordID?
        /// Whether the bound on the records looked at ended it.
        var isCut = false
    }

    /// Finds Patients after a record, until enough are found or enough was looked at.
    func find(after: RecordID?, limit: Int) async throws(DoorFault) -> Found {
        guard !query.isUnfulfillable else { return Found() }
        if candidates == .everything { try await requireSmall() }
        var found = Found()
        if after == nil { found.patients = try await persons() }
        var position = after
        var looked = 0
        repeat {
            let page = try await page(after: position)
            looked += page.records.count
            for patient in try await verified(page.records) {
                found.patients.append(patient)
                guard found.patients.count < limit else {
                    found.next = patient.place
                    return found
                }
            }
            position = page.next
            guard looked < call.limits.searchRecords else {
                found.next = position
                found.isCut = position != nil
                return found
            }
        } while position != nil
        return found
    }

    private func page(after: RecordID?) async throws(DoorFault) -> RecordsPage {
        let batch = call.limits.searchBatch
        switch candidates {
        case .ids(let ids): return try await records(ids, after: after)
        case .goldens(let goldens): return try await members(goldens, after: after)
        case .keys(let keys):
            return try await call.ask { (registry) async throws(RegistryError) in
                try await registry.lookup(keys, after: after, limit: batch)
            }
        case .everything:
            return try await call.ask { (registry) async throws(RegistryError) in
                try await registry.records(after: after, limit: batch)
            }
        }
    }

    private func records(_ ids: [String], after: RecordID?) async throws(DoorFault) -> RecordsPage {
        var records: [StoredRecord] = []
        for id in ids {
            if let address = RecordID(id) {
                let record = try await call.ask { (registry) async throws(RegistryError) in
                    try await registry.record(id: address)
                }
                if let record { records.append(record) }
            }
        }
        return ordered(records, after: after)
    }

    /// Persons as a whole, where they are asked for by golden identifiers as ids.
    private func persons() async throws(DoorFault) -> [FoundPatient] {
        guard case .ids(let ids) = candidates else { return [] }
        var found: [FoundPatient] = []
        for id in ids {
            guard let golden = GoldenID(id) else { continue }
            let person = try await call.ask { (registry) async throws(RegistryError) in
                try await registry.person(golden)
            }
            guard let person else { continue }
            for member in person.members {
                let stored = try StoredPatient(member)
                var subject = subject(stored)
                subject.golden = id
                guard query.matches(subject) else { continue }
                var one = FoundPatient(stored: stored, companions: [], place: member.id)
                one.person = (person, golden)
                found.append(one)
                break
            }
        }
        return found
    }

    private func members(_ goldens: [String], after: RecordID?) async throws(DoorFault) -> RecordsPage {
        var records: [StoredRecord] = []
        for golden in goldens {
            guard let id = GoldenID(golden) else { continue }
            let person = try await call.ask { (registry) async throws(RegistryError) in try await registry.person(id) }
            records += person?.members ?? []
        }
        return ordered(records, after: after)
    }

    private func ordered(_ records: [StoredRecord], after: RecordID?) -> RecordsPage {
        var seen: Set<RecordID> = []
        let live = records.filter { record in
            !record.deleted && after.map { record.id > $0 } ?? true && seen.insert(record.id).inserted
        }
        return RecordsPage(records: live.sorted { $0.id < $1.id })
    }

    // MARK: Verifying

    /// Those records that are found, each person once where persons are asked for.
    private func verified(_ records: [StoredRecord]) async throws(DoorFault) -> [FoundPatient] {
        var hits: [StoredPatient] = []
        for record in records {
            let stored = try StoredPatient(record)
            // A domain may be known by another record of the person: that is looked at below.
            var subject = subject(stored)
            subject.otherSystems = query.domains
            if query.matches(subject) { hits.append(stored) }
        }
        guard !hits.isEmpty else { return [] }
        // One who asks for ids or for all records of a person gets them one by one.
        let isOneByOne = call.configuration.searchResults == .records || !isGrouping
        let all = hits.map(\.record)
        let companions = try await call.ask { (registry) async throws(RegistryError) in
            try await registry.companions(of: all)
        }
        var found: [FoundPatient] = []
        for (hit, others) in zip(hits, companions) {
            var stored: [StoredPatient] = []
            for other in others { stored.append(try StoredPatient(other)) }
            if isOneByOne {
                guard matches(hit, in: [hit]) || matches(hit, in: stored + [hit]) else { continue }
                found.append(FoundPatient(stored: hit, companions: [], place: hit.record.id))
            } else if let person = grouped(hit, stored) {
                found.append(person)
            }
        }
        return found
    }

    private var isGrouping: Bool {
        switch candidates {
        case .ids, .goldens: false
        case .keys, .everything: true
        }
    }

    /// The person of a hit, if this hit is the one that stands for it: the first of its records that is found.
    ///
    /// The answer is the first found record that is not replaced; of a person found only by replaced records, the first
    /// that is not.
    private func grouped(_ hit: StoredPatient, _ others: [StoredPatient]) -> FoundPatient? {
        let all = (others + [hit]).sorted { $0.record.id < $1.record.id }
        let matching = all.filter { matches($0, in: all) }
        guard let first = matching.first, first.record.id == hit.record.id else { return nil }
        let answer = matching.first { !$0.patient.isSubsumed } ?? all.first { !$0.patient.isSubsumed } ?? first
        return FoundPatient(
            stored: answer,
            companions: all.filter { $0.record.id != answer.record.id },
            place: hit.record.id
        )
    }

    private func matches(_ one: StoredPatient, in all: [StoredPatient]) -> Bool {
        var subject = subject(one)
        if !query.domains.isEmpty {
            let mapping = call.configuration.mapping
            subject.otherSystems = all.filter { !$0.patient.isSubsumed }
                .flatMap { $0.patient.identifiers.map { mapping.key($0).source } }
        }
        return query.matches(subject)
    }

    private func subject(_ stored: StoredPatient) -> PatientQuery.Subject {
        PatientQuery.Subject(
            patient: stored.patient,
            id: stored.record.id.description,
            golden: stored.record.golden?.description ?? "",
            updated: Int64(clamping: stored.record.updated)
        )
    }

    /// Refuses to walk a registry that is too large for it.
    private func requireSmall() async throws(DoorFault) {
        let limit = UInt64(call.limits.searchWalk)
        guard await call.registry.status().records > limit else { return }
        let detail =
            "nothing in this search narrows it enough: add an identifier, a phone, a birth date or a family name"
        throw DoorFault(400, .tooCostly, detail)
    }
}

extension ClusterStatus {
    /// Source records stored, removed ones included.
    var records: UInt64 {
        shards.reduce(0) { sum, shard in
            guard case .success(let status) = shard.status else { return sum }
            return sum + status.rows[0]
        }
    }
}
