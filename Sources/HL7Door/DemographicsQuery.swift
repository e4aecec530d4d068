internal import Access
internal import Authorities
internal import Coordinator
internal import Entrance
internal import FHIR
internal import HL7Mapping
internal import HL7v2
internal import Identifiers
internal import PatientMapping

/// The search for patients (ITI-21, QBP^Q22), a page at a time, and its cancellation (QCN^J01).
extension HL7Door {
    /// Most persons that one search finds; who wants more narrows it.
    private static let personLimit = 1_000
    /// Most records that are looked at for one search that no key narrows.
    private static let scanLimit = 20_000
    private static let scanPage = 500
    /// Persons of a page where the sender names no number.
    private static let pageDefault = 100

    /// A person that was found, and how.
    struct Hit: Sendable {
        var golden: GoldenID
        var way: DemographicsMatch.Way
    }

    /// Answers a search; what is wrong with it is part of the answer.
    func demographics(_ request: HL7Request, _ writer: AnswerWriter) async throws(Refusal) -> Outcome {
        try await answer(request, writer, trigger: "K22", structure: "RSP_K21") { query throws(Refusal) in
            try await page(query, request, writer)
        }
    }

    /// Forgets where a search was to go on.
    func cancel(_ request: HL7Request) throws(Refusal) {
        guard let query = request.message.first("QID"), !query.isEmpty(1) else {
            throw .content(HL7Error(.requiredField, at: HL7Location("QID", field: 1), "the query tag is missing"))
        }
        memory.pages.forget(tag: query.raw(1), client: request.client)
    }

    private func page(
        _ query: HL7Segment,
        _ request: HL7Request,
        _ writer: AnswerWriter
    ) async throws(Refusal) -> [HL7Segment] {
        let domains = try await domains(query, 8, request)
        var hits: [Hit]
        let pointer = request.message.first("DSC")?.text(1) ?? ""
        if pointer.isEmpty {
            hits = try await search(query)
        } else if let rest = memory.pages.take(
            pointer,
            of: query.raw(3),
            tag: query.raw(2),
            client: request.client
        ) {
            hits = rest
        } else {
            throw .content(HL7Error(.unknownKey, at: HL7Location("DSC", field: 1), "the pointer is not known any more"))
        }
        let count = try pageSize(request)
        var segments: [HL7Segment] = []
        var told = 0
        while !hits.isEmpty, told < count {
            let hit = hits.removeFirst()
            guard let person = try await people([hit.golden]).first,
                let pid = describe(person, in: domains, told + 1, writer)
            else { continue }
            told += 1
            segments += [pid, rank(hit, writer)]
        }
        // Whoever has no identifier in the domains that were asked for is no further page.
        while let next = hits.first, try await isLeft(next, domains) == false { hits.removeFirst() }
        if !hits.isEmpty, told > 0 {
            var next = writer.segment("DSC")
            next.set(1, self.pointer(to: hits, query, request, writer))
            next.set(2, "I")
            segments.append(next)
        }
        return segments
    }

    private func pointer(
        to hits: [Hit],
        _ query: HL7Segment,
        _ request: HL7Request,
        _ writer: AnswerWriter
    ) -> String {
        let (asked, tag) = (query.raw(3), query.raw(2))
        return memory.pages.keep(hits, of: asked, tag: tag, client: request.client, id: writer.controlID)
    }

    private func isLeft(_ hit: Hit, _ domains: [String]) async throws(Refusal) -> Bool {
        guard let person = try await people([hit.golden]).first else { return false }
        return domains.isEmpty || person.identifiers.contains { domains.contains($0.system) }
    }

    private func pageSize(_ request: HL7Request) throws(Refusal) -> Int {
        let text = request.message.first("RCP")?.text(2) ?? ""
        guard !text.isEmpty else { return Self.pageDefault }
        guard let count = Int(text), count > 0 else {
            let place = HL7Location("RCP", field: 2, repetition: 1, component: 1)
            throw .content(HL7Error(.dataType, at: place, "the number of patients of a page is a number from 1"))
        }
        return min(count, Self.personLimit)
    }

    /// The persons that are searched for: those found exactly, or where there are none, those found by likeness.
    private func search(_ query: HL7Segment) async throws(Refusal) -> [Hit] {
        var criteria: DemographicsCriteria
        do throws(HL7Error) {
            criteria = try DemographicsCriteria(query)
        } catch {
            throw .content(error)
        }
        for field in criteria.identifiers.keys.sorted() {
            for index in criteria.identifiers[field, default: []].indices {
                guard let wanted = criteria.identifiers[field]?[index] else { continue }
                let repetition = HL7Repetition([HL7Component(), HL7Component(), HL7Component(), wanted.domain])
                let place = HL7Location("QPD", field: 3, repetition: wanted.repetition)
                criteria.identifiers[field]?[index].system = try await domain(repetition, at: place)
            }
        }
        guard grant.view != .identifiers else {
            let reason = "this sender sees identifiers only and may not ask by anything else"
            throw .content(HL7Error(.internal, at: HL7Location("QPD", field: 3), reason))
        }
        var exact: [Hit] = []
        var like: [Hit] = []
        var after: RecordID?
        var seen = 0
        repeat {
            let (start, keys) = (after, criteria.keys)
            let page = try await ask { (registry) async throws(RegistryError) in
                guard let keys else { return try await registry.records(after: start, limit: Self.scanPage) }
                return try await registry.lookup(keys, after: start, limit: Self.scanPage)
            }
            for record in page.records { look(at: record, criteria, &exact, &like) }
            after = page.next
            seen += page.records.count
            guard after == nil || seen < Self.scanLimit else {
                let reason = "too many patients would have to be looked at: a name, an identifier or a date narrows it"
                throw .content(HL7Error(.dataType, at: HL7Location("QPD", field: 3), reason))
            }
        } while after != nil
        let hits = exact.isEmpty ? like : exact
        guard hits.count <= Self.personLimit else {
            let reason = "more than \(Self.personLimit) persons are found: narrow the search"
            throw .content(HL7Error(.dataType, at: HL7Location("QPD", field: 3), reason))
        }
        return hits.sorted { ($0.way, $0.golden.birth) < ($1.way, $1.golden.birth) }
    }

    private func look(
        at record: StoredRecord,
        _ criteria: DemographicsCriteria,
        _ exact: inout [Hit],
        _ like: inout [Hit]
    ) {
        // A document that cannot be read hides itself, not everybody who is looked for beside it.
        guard let golden = record.golden, let stored = try? StoredPatient(record), !stored.isSubsumed,
            hasIdentifiers(stored, criteria)
        else { return }
        let pid = PatientWriting(authorities: settings.identifiers.authorities).segment(stored.patient)
        if let match = criteria.match(pid, isFuzzy: false) {
            Self.add(Hit(golden: golden, way: match.way), to: &exact)
        } else if let match = criteria.match(pid, isFuzzy: true) {
            Self.add(Hit(golden: golden, way: match.way), to: &like)
        }
    }

    private static func add(_ hit: Hit, to hits: inout [Hit]) {
        if let index = hits.firstIndex(where: { $0.golden == hit.golden }) {
            hits[index].way = min(hits[index].way, hit.way)
        } else {
            hits.append(hit)
        }
    }

    /// Whether a record has one of the wanted identifiers of each field.
    private func hasIdentifiers(_ stored: StoredPatient, _ criteria: DemographicsCriteria) -> Bool {
        for (field, wanted) in criteria.identifiers {
            let isThere = wanted.contains { one in
                guard let system = one.system else { return false }
                let key = RecordKey(source: system, value: one.value)
                if field == 21 { return mother(of: stored) == key }
                return stored.record.key == key
                    || stored.patient.identifiers.contains { settings.mapping.key($0) == key }
            }
            guard isThere else { return false }
        }
        return true
    }

    private func mother(of stored: StoredPatient) -> RecordKey? {
        guard let kept = KeptSegment.segment(of: stored.patient) else { return nil }
        do throws(HL7Error) {
            let reading = IdentifierReading(authorities: settings.identifiers.authorities)
            return try reading.identifiers(kept, 21).first.map { RecordKey(source: $0.system, value: $0.value) }
        } catch {
            return nil
        }
    }

    /// A person as PID; `nil` where no identifier of the wanted domains is left.
    func describe(_ person: PersonRecords, in domains: [String], _ number: Int, _ writer: AnswerWriter) -> HL7Segment? {
        let latest = person.members.max { ($0.record.updated, $0.record.id) < ($1.record.updated, $1.record.id) }
        let told = person.identifiers.filter { domains.isEmpty || domains.contains($0.system) }
        guard let latest, !told.isEmpty else { return nil }
        let writing = PatientWriting(authorities: settings.identifiers.authorities)
        var pid = writing.segment(latest.patient).rewritten(writer.request.delimiters)
        pid.set(1, String(number))
        pid.set(3, HL7Field(told.map { writing.identifier(system: $0.system, value: $0.value, type: $0.type) }))
        return pid
    }

    private func rank(_ hit: Hit, _ writer: AnswerWriter) -> HL7Segment {
        var rank = writer.segment("QRI")
        rank.set(1, String(hit.way.confidence))
        rank.set(3, hit.way.name)
        return rank
    }
}
