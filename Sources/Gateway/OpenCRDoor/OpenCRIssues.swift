internal import Audit
internal import Coordinator
internal import Identifiers
internal import Identity
internal import JSON

/// The queue of open questions and the list of new matches, as OpenCR's user interface asks for them.
enum OpenCRIssues {
    static let count = Route(
        "opencr.count-match-issues",
        .openCR,
        "GET",
        OpenCRDoor.matching + "/count-match-issues",
        access: .steward("rs", .read),
        "Counts the records about which there is an open question.",
        answer: { (call) async throws(DoorFault) in total(try await asked(call).count) }
    )

    static let list = Route(
        "opencr.get-match-issues",
        .openCR,
        "GET",
        OpenCRDoor.matching + "/get-match-issues",
        access: .steward("rs", .read),
        "Lists the records about which there is an open question.",
        answer: answerList
    )

    static let countNew = Route(
        "opencr.count-new-auto-matches",
        .openCR,
        "GET",
        OpenCRDoor.matching + "/count-new-auto-matches",
        access: .steward("rs", .read),
        "Counts the records that were joined with others lately and that nobody has looked at.",
        answer: { (call) async throws(DoorFault) in total(try await joined(call).count) }
    )

    static let listNew = Route(
        "opencr.get-new-auto-matches",
        .openCR,
        "GET",
        OpenCRDoor.matching + "/get-new-auto-matches",
        access: .steward("rs", .read),
        "Lists the records that were joined with others lately and that nobody has looked at.",
        answer: answerNew
    )

    /// Most questions that are looked at.
    private static let questionLimit = 10_000
    /// Writes that count as new.
    private static let newWrites: UInt64 = 2_000
    /// Changes read together.
    private static let page = 500

    /// What is asked about a record, in the words of OpenCR.
    static func code(_ task: ReviewTask) -> String {
        task.reason == .weightInReviewBand ? "potentialMatches" : "conflictMatches"
    }

    private static let words = [
        "potentialMatches": "Potential Matches", "conflictMatches": "Conflict On Match", "autoMatches": "Auto Matches",
    ]

    private static func total(_ count: Int) -> DoorAnswer {
        .json(JSONValue.object(["total": .number(JSONNumber(count))]).serialised())
    }

    // MARK: Open questions

    /// The records of open questions, most harmful first, each with the gravest code.
    private static func asked(_ call: DoorCall) async throws(DoorFault) -> [(RecordID, code: String)] {
        let reviews = try await call.ask { (registry) async throws(RegistryError) in
            try await registry.reviews(limit: questionLimit)
        }
        var places: [RecordID: Int] = [:]
        var found: [(RecordID, code: String)] = []
        for review in reviews {
            for record in [review.task.pair.a, review.task.pair.b] {
                let code = code(review.task)
                guard let place = places[record] else {
                    places[record] = found.count
                    found.append((record, code))
                    continue
                }
                if code == "conflictMatches" { found[place].code = code }
            }
        }
        return found
    }

    private static func answerList(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        var rows: [JSONValue] = []
        for (id, code) in try await asked(call) {
            let found = try await call.ask { (registry) async throws(RegistryError) in
                try await registry.record(id: id)
            }
            guard let record = found, !record.deleted else { continue }
            rows.append(OpenCRRow(record).issue(words[code] ?? code, code))
        }
        return .json(JSONValue.array(rows).serialised())
    }

    // MARK: New matches

    /// The name of the note that says that somebody looked at a match.
    private static func seen(_ record: RecordID) -> String { "opencr-seen|\(record)" }

    /// Remembers that a steward looked at how a record was joined.
    static func markSeen(_ id: RecordID, _ call: DoorCall) async throws(DoorFault) {
        try await call.ask { (registry) async throws(RegistryError) in
            guard let golden = try await registry.record(id: id)?.golden else { return }
            try await registry.note(seen(id), Array(golden.description.utf8))
        }
    }

    private static func answerNew(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let rows = try await joined(call).map { OpenCRRow($0).issue(words["autoMatches"] ?? "", "autoMatches") }
        return .json(JSONValue.array(rows).serialised())
    }

    /// Records of the last writes that are one person with others.
    private static func joined(_ call: DoorCall) async throws(DoorFault) -> [StoredRecord] {
        do throws(RegistryError) {
            return try await joined(call.registry)
        } catch {
            throw DoorFault(error)
        }
    }

    private static func joined(_ registry: any Registering) async throws(RegistryError) -> [StoredRecord] {
        let last = try await registry.latest().rawValue
        var after = Sequence(last > newWrites ? last - newWrites : 0)
        var ids: [RecordID] = []
        var known: Set<RecordID> = []
        while true {
            let changes = try await registry.changes(after: after, limit: page)
            for event in changes.entries.flatMap(\.events) {
                guard case .recordLinked(let record, _, _) = event, known.insert(record).inserted else { continue }
                ids.append(record)
            }
            guard changes.more, changes.next > after else { break }
            after = changes.next
        }
        var records: [StoredRecord] = []
        for id in ids {
            if let record = try await registry.record(id: id), !record.deleted { records.append(record) }
        }
        let companions = try await registry.companions(of: records)
        let notes = try await registry.notes(records.map { seen($0.id) })
        var joined: [StoredRecord] = []
        for (index, record) in records.enumerated() where !companions[index].isEmpty {
            let looked = notes[index].map { String(decoding: $0, as: UTF8.self) }
            if looked != record.golden?.description { joined.append(record) }
        }
        return joined
    }
}
