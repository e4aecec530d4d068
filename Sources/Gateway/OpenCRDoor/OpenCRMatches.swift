internal import Audit
internal import Coordinator
internal import Demographics
internal import Entrance
internal import FHIR
internal import Identifiers
internal import JSON
internal import PatientMapping

/// `POST /match/matches` and `GET /match/potential-matches/{id}`: who resembles a patient, in OpenCR's classes.
///
/// `auto` are matches of the person that the best match belongs to, `conflict` those of other persons, `potential`
/// pairs that the rules leave to a steward.
enum OpenCRMatches {
    static let check = Route(
        "opencr.matches",
        .openCR,
        "POST",
        OpenCRDoor.matching + "/matches",
        access: .search("s", "ITI-119"),
        "Finds the records that may be the Patient of the body, by class; stores nothing.",
        answer: answerCheck
    )

    static let route = Route(
        "opencr.potential-matches",
        .openCR,
        "GET",
        OpenCRDoor.matching + "/potential-matches/{id}",
        access: .read("read"),
        "Lists a record, then its matches and those that may be.",
        answer: answer
    )

    /// Matches by class.
    private struct Classes {
        var auto: [JSONValue] = []
        var potential: [JSONValue] = []
        var conflict: [JSONValue] = []
    }

    private static func answerCheck(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let key = RecordKey(source: "", value: "")
        let body = call.request.body
        let record: SourceRecord
        do throws(FHIRError) {
            record = try call.configuration.mapping.record(decoding: body.span.bytes, key: key)
        } catch {
            throw DoorFault(error)
        }
        let matches = try await matches(record, call)
        let person = matches.first { $0.grade != .possible }?.record.golden
        let found = classes(matches, person, beside: nil)
        let answer: JSONObject = [
            "parent": .array([OpenCRRow(asked: body).match(scores: [])]), "auto": .array(found.auto),
            "potential": .array(found.potential), "conflict": .array(found.conflict),
        ]
        return .json(JSONValue.object(answer).serialised())
    }

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        guard let id = RecordID(call.path[0]) else { throw .notFound("there is no Patient with this id") }
        let found = try await call.ask { (registry) async throws(RegistryError) in try await registry.record(id: id) }
        guard let record = found, !record.deleted else { throw .notFound("there is no Patient with this id") }
        let source: SourceRecord
        do throws(FHIRError) {
            // Who sees identifiers only is told of no one by what they may not see.
            source = try call.configuration.mapping.record(decoding: record.document.span.bytes, key: record.key)
        } catch {
            throw DoorFault.unreadable(id)
        }
        let matches = try await matches(source, call).filter { $0.record.id != id }
        var rows = [OpenCRRow(record).match(scores: matches.map { ($0.record.key.value, $0.weight.bits) })]
        let classes = classes(matches, record.golden, beside: record)
        let others = try await call.ask { (registry) async throws(RegistryError) in
            try await registry.companions(of: [record])
        }
        // Whom others tie to the record need not resemble it.
        let known = Set(matches.map(\.record.id))
        let tied = (others.first ?? []).filter { !known.contains($0.id) }.map { OpenCRRow($0).match(scores: []) }
        rows += classes.auto + tied + classes.potential + classes.conflict
        return .json(JSONValue.array(rows).serialised())
    }

    private static func matches(_ record: SourceRecord, _ call: DoorCall) async throws(DoorFault) -> [MatchedRecord] {
        let limit = call.limits.matchMax
        let clock = ContinuousClock()
        let start = clock.now
        let answer = try await call.ask { (registry) async throws(RegistryError) in
            try await registry.match(record, limit: limit)
        }
        call.services.metrics.matched(answer, after: start.duration(to: clock.now))
        return answer.matches
    }

    private static func classes(
        _ matches: [MatchedRecord],
        _ person: GoldenID?,
        beside record: StoredRecord?
    ) -> Classes {
        var classes = Classes()
        for match in matches {
            let row = OpenCRRow(match.record).match(scores: [(record?.key.value ?? "", match.weight.bits)])
            if match.record.golden == person, record != nil || match.grade != .possible {
                classes.auto.append(row)
            } else if match.grade == .possible {
                classes.potential.append(row)
            } else {
                classes.conflict.append(row)
            }
        }
        return classes
    }
}
