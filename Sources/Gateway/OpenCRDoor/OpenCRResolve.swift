internal import Audit
internal import Coordinator
internal import FHIR
internal import Identifiers
internal import Identity
internal import JSON

/// `POST /match/resolve-match-issue`: a reviewer moves records between persons, or says that all is as it should be.
///
///     {"resolvingFrom": "0F…", "flagType": "potentialMatches", "removeFlag": true,
///      "resolves": [{"id": "0F…", "ouid": "2TCB…", "uid": "New CR ID 1"}]}
///
/// A row whose `uid` is not its `ouid` moves. Where the flag is to go, every question about the record is answered as
/// things stand: two persons are never one, records of one person belong together.
enum OpenCRResolve {
    static let route = Route(
        "opencr.resolve-match-issue",
        .openCR,
        "POST",
        OpenCRDoor.matching + "/resolve-match-issue",
        access: .steward("u", .update),
        parameters: [RouteParameter("username", "Who resolves, where nobody has to show who they are.")],
        "Moves records to other persons, or answers the questions about a record as things stand.",
        answer: answer
    )

    /// Rows of one request.
    private static let limit = 1_000
    private static let comment = "resolve-match-issue"

    /// A record that moves.
    private struct Move {
        let record: StoredRecord
        /// A golden identifier, or the word for a new person.
        let to: String
    }

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let body = try JSONBody.parse(call.request.body)
        let moves = try await moves(body, call)
        var states: [Ruling.State] = []
        for to in distinct(moves.map(\.to)) {
            states += try await carry(moves.filter { $0.to == to }.map(\.record), to, call)
        }
        let removesFlag = body["removeFlag"]?.boolean ?? false
        if removesFlag {
            let text = body["resolvingFrom"]?.string ?? ""
            let name = text.hasPrefix("Patient/") ? String(text.dropFirst(8)) : text
            guard let id = RecordID(name) else { throw .invalid("must be the id of a Patient", at: "resolvingFrom") }
            let record = try await OpenCRBreaks.record(id, at: "resolvingFrom", call)
            states += try await settle(record, call)
            if body["flagType"]?.string == "autoMatches" { try await OpenCRIssues.markSeen(id, call) }
        }
        let isDone = (removesFlag || !moves.isEmpty) && !states.contains(.proposed)
        return DoorAnswer(status: isDone ? 200 : 202)
    }

    private static func distinct(_ texts: [String]) -> [String] {
        var seen: Set<String> = []
        return texts.filter { seen.insert($0).inserted }
    }

    private static func moves(_ body: JSONObject, _ call: DoorCall) async throws(DoorFault) -> [Move] {
        let rows = body["resolves"]?.array ?? []
        guard rows.count <= limit else { throw DoorFault(400, .tooCostly, "at most \(limit) rows at a time") }
        var moves: [Move] = []
        for (index, row) in rows.enumerated() {
            let place = "resolves[\(index)]"
            guard let uid = row["uid"]?.string, let old = row["ouid"]?.string, uid != old else { continue }
            guard let id = row["id"]?.string.flatMap({ RecordID($0) }) else {
                throw .invalid("must be the id of a Patient", at: "\(place).id")
            }
            let record = try await OpenCRBreaks.record(id, at: "\(place).id", call)
            // What somebody else has moved meanwhile is looked at again by whoever sees it now.
            guard record.golden?.description == old || record.golden?.description == uid else {
                throw DoorFault(409, .conflict, "the Patient belongs to another person now", at: "\(place).ouid")
            }
            if record.golden?.description != uid { moves.append(Move(record: record, to: uid)) }
        }
        return moves
    }

    /// Moves records to one person.
    private static func carry(
        _ records: [StoredRecord],
        _ to: String,
        _ call: DoorCall
    ) async throws(DoorFault) -> [Ruling.State] {
        var states: [Ruling.State] = []
        for golden in distinct(records.compactMap { $0.golden?.description }) {
            let leaving = records.filter { $0.golden?.description == golden }.map(\.id)
            guard let old = GoldenID(golden) else { continue }
            let person = try await call.ask { (registry) async throws(RegistryError) in try await registry.person(old) }
            let isWhole = Set(person?.members.map(\.id) ?? []).subtracting(leaving).isEmpty
            if !isWhole {
                states.append(try await OpenCRBreaks.rule(.persons(.split(leaving)), comment, call).state)
            }
        }
        guard !to.hasPrefix("New CR ID") else {
            return try await together(records.map(\.id), call) + states
        }
        guard let golden = GoldenID(to) else { throw .invalid("must be a golden identifier", at: "resolves.uid") }
        let found = try await call.ask { (registry) async throws(RegistryError) in try await registry.person(golden) }
        guard let survivor = found?.members.first else {
            throw DoorFault(400, .notFound, "there is no such person", at: "resolves.uid")
        }
        return try await together([survivor.id] + records.map(\.id), call) + states
    }

    /// Makes one person of the persons of records.
    private static func together(_ ids: [RecordID], _ call: DoorCall) async throws(DoorFault) -> [Ruling.State] {
        guard let first = ids.first else { return [] }
        var states: [Ruling.State] = []
        for id in ids.dropFirst() {
            let golden = try await OpenCRBreaks.record(first, at: "resolves", call).golden
            guard try await OpenCRBreaks.record(id, at: "resolves", call).golden != golden else { continue }
            states.append(try await OpenCRBreaks.rule(.persons(.merge(first, id)), comment, call).state)
        }
        return states
    }

    /// Answers every question about a record as things stand.
    private static func settle(_ record: StoredRecord, _ call: DoorCall) async throws(DoorFault) -> [Ruling.State] {
        let found = try await call.ask { (registry) async throws(RegistryError) in
            try await registry.reviews(about: [record.id])
        }
        var states: [Ruling.State] = []
        var pairs: Set<RecordPair> = []
        for review in found.first ?? [] where pairs.insert(review.task.pair).inserted {
            let pair = review.task.pair
            let id = pair.a == record.id ? pair.b : pair.a
            let other = try await call.ask { (registry) async throws(RegistryError) in
                try await registry.record(id: id)
            }
            guard let other, !other.deleted else { continue }
            let order: StewardOrder = other.golden == record.golden ? .link(pair) : .never(pair)
            states.append(try await OpenCRBreaks.rule(.persons(order), comment, call).state)
        }
        return states
    }
}
