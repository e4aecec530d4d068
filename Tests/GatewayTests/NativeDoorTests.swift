@testable import Coordinator
import Identifiers
import Identity
import JSON
import ShardProtocol
import Testing

@testable import Gateway

/// The native interface under `/api/v1`.
struct NativeDoorTests {
    private func doors() async -> (DoorFixture, String) {
        let doors = DoorFixture()
        let first = await doors.send("POST", "/fhir/Patient", Sample.patient("1"))
        await doors.send("POST", "/fhir/Patient", Sample.patient("2"))
        await doors.send("POST", "/fhir/Patient", Sample.patient("a/b c|d,e", family: "Other"))
        return (doors, first.json["identifier"]?[0]?["value"]?.string ?? "")
    }

    @Test("A person is read with its records, also by a retired identifier")
    func person() async throws {
        let (doors, golden) = await doors()
        let answer = await doors.send("GET", "/api/v1/persons/\(golden)")
        #expect(answer.status == 200)
        #expect(answer.headers["content-type"] == "application/json")
        #expect(answer.json["golden"]?.string == golden)
        let records = answer.json["records"]?.array ?? []
        #expect(Set(records.compactMap { $0["id"]?.string }) == ["1", "2"])
        #expect(records[0]["document"]?["resourceType"]?.string == "Patient")
        let old = GoldenID(birth: Sequence(50))
        await doors.registry.retire(old, for: try #require(GoldenID(golden)))
        let merged = await doors.send("GET", "/api/v1/persons/\(old)")
        #expect(merged.json["golden"]?.string == golden)
        #expect(merged.json["asked"]?.string == old.description)
        #expect(merged.json["retired"]?[0]?.string == old.description)
    }

    @Test("A record is read by its percent-encoded parts")
    func record() async {
        let (doors, golden) = await doors()
        let plain = await doors.send("GET", "/api/v1/records/urn:clinic/1")
        #expect(plain.json["golden"]?.string == golden)
        #expect(plain.json["version"]?.integer == 1)
        #expect(plain.json["fhirId"]?.string == RecordKey(source: "urn:clinic", value: "1").id.description)
        let escaped = await doors.send("GET", "/api/v1/records/urn%3aclinic/a%2Fb%20c%7Cd,e")
        #expect(escaped.json["id"]?.string == "a/b c|d,e")
        await doors.send("DELETE", "/fhir/Patient?identifier=urn:clinic|1")
        #expect(await doors.send("GET", "/api/v1/records/urn:clinic/1").status == 410)
    }

    @Test("Two records are explained, named either way")
    func explain() async {
        let (doors, _) = await doors()
        let id = RecordKey(source: "urn:clinic", value: "2").id
        for second in ["urn:clinic%7C2", id.description] {
            let answer = await doors.send("GET", "/api/v1/explain?a=urn:clinic|1&b=\(second)")
            #expect(answer.status == 200)
            #expect(answer.json["samePerson"]?.boolean == true)
            #expect(answer.json["rules"]?.string == "0000000000000007")
            #expect(answer.json["explanation"]?["outcome"]?.string == "match")
            #expect(answer.json["explanation"]?["fields"]?.array?.isEmpty == false)
            #expect(answer.json["text"]?.string?.contains("birth_date") == true)
        }
    }

    @Test("The change feed is walked by cursor")
    func changes() async {
        let (doors, golden) = await doors()
        let first = await doors.send("GET", "/api/v1/changes?limit=2")
        #expect(first.json["entries"]?.array?.count == 2)
        #expect(first.json["more"]?.boolean == true)
        let event = first.json["entries"]?[0]?["events"]?[0]
        #expect(event?["type"]?.string == "record-linked")
        #expect(event?["id"]?.string == "1.0")
        #expect(event?["to"]?.string == golden)
        let next = first.json["next"]?.string ?? ""
        let second = await doors.send("GET", "/api/v1/changes?after=\(next)&limit=2")
        #expect(second.json["entries"]?.array?.count == 1)
        #expect(second.json["more"]?.boolean == false)
        let last = await doors.send("GET", "/api/v1/changes?after=\(second.json["next"]?.string ?? "")")
        #expect(last.json["entries"]?.array?.isEmpty == true)
        #expect(last.json["next"]?.string == second.json["next"]?.string)
    }

    @Test("Reviews name both records and the reason")
    func reviews() async {
        let (doors, _) = await doors()
        let review = (await doors.send("GET", "/api/v1/reviews?limit=5")).json["reviews"]?[0]
        #expect(review?["reason"]?.string == "guard-different-identifiers")
        #expect(review?["weight"]?.double == 12.5)
        #expect(Set([review?["a"]?["id"]?.string, review?["b"]?["id"]?.string]) == ["1", "2"])
    }

    @Test("A decision is read, checked and carried out")
    func decide() async throws {
        let (doors, _) = await doors()
        let body = #"{"kind":"must-link","a":"urn:clinic|1","b":"urn:clinic|2","by":"akello","comment":"seen"}"#
        let answer = await doors.send("POST", "/api/v1/decisions", body)
        #expect(answer.status == 200)
        #expect(answer.json["decision"]?.integer == 1 && answer.json["events"]?.array != nil)
        let request = await doors.registry.requests.first
        #expect(request?.by == "akello" && request?.comment == "seen")
        let ids = ["1", "2"].map { RecordKey(source: "urn:clinic", value: $0).id }
        let pair = try #require(RecordPair(ids[0], ids[1]))
        #expect(request?.order == .persons(.link(pair)))
    }

    @Test("The cluster says how it is, failing shards included")
    func cluster() async {
        let (doors, _) = await doors()
        var status = FakeRegistry.healthy
        status.shards.append(.init(id: ShardID(1), slots: 0, status: .failure(.timeout)))
        await doors.registry.setStatus(status)
        let answer = await doors.send("GET", "/api/v1/cluster")
        #expect(answer.json["leading"]?.boolean == true)
        #expect(answer.json["epoch"]?.integer == 3)
        #expect(answer.json["shards"]?[0]?["rows"]?["home"]?.integer == 0)
        #expect(answer.json["shards"]?[1]?["up"]?.boolean == false)
        #expect(answer.json["shards"]?[1]?["error"]?.string == "did not answer in time")
    }

    @Test("Links are walked page by page, as JSON and as CSV whose pages make one file")
    func links() async {
        let (doors, golden) = await doors()
        let first = await doors.send("GET", "/api/v1/links?limit=2")
        #expect(first.json["links"]?.array?.count == 2)
        let next = first.json["next"]?.string ?? ""
        #expect(first.headers["link"] == "</api/v1/links?after=\(next)&limit=2>; rel=\"next\"")
        let second = await doors.send("GET", "/api/v1/links?limit=2&after=\(next)")
        #expect(second.json["links"]?.array?.count == 1)
        #expect(second.json["next"] == nil && second.headers["link"] == nil)
        let csv = ["accept": "text/csv"]
        let head = await doors.send("GET", "/api/v1/links?limit=2", "", csv)
        let tail = await doors.send("GET", "/api/v1/links?limit=2&after=\(next)", "", csv)
        let rows = (head.text + tail.text).split(separator: "\n")
        #expect(rows.count == 4)
        #expect(rows[0] == "source,record_id,golden_id")
        #expect(rows.contains("urn:clinic,1,\(golden)"))
        #expect(rows.contains { $0.hasPrefix("urn:clinic,\"a/b c|d,e\",") })
    }

    struct Fault: Sendable {
        var method = "GET"
        let path: String
        var body = ""
        var headers: [String: String] = [:]
        let status: Int
        let code: String
    }

    static let table: [Fault] = [
        Fault(path: "/api/v1/persons/nonsense", status: 400, code: "invalid"),
        Fault(path: "/api/v1/persons/\(GoldenID(birth: Sequence(999)))", status: 404, code: "not-found"),
        Fault(path: "/api/v1/records/urn:clinic/none", status: 404, code: "not-found"),
        Fault(
            path: "/api/v1/records/urn:clinic/" + String(repeating: "x", count: 2_000),
            status: 400,
            code: "invalid"
        ),
        Fault(path: "/api/v1/records/urn:clinic/%FF", status: 400, code: "invalid"),
        Fault(path: "/api/v1/explain?a=urn:clinic|1", status: 400, code: "invalid"),
        Fault(path: "/api/v1/explain?a=x&b=y", status: 400, code: "invalid"),
        Fault(path: "/api/v1/explain?a=urn:clinic|1&b=urn:clinic|1", status: 400, code: "invalid"),
        Fault(path: "/api/v1/explain?a=urn:clinic|1&b=urn:clinic|none", status: 404, code: "not-found"),
        Fault(path: "/api/v1/changes?after=x", status: 400, code: "invalid"),
        Fault(path: "/api/v1/changes?limit=0", status: 400, code: "invalid"),
        Fault(path: "/api/v1/reviews?limit=-1", status: 400, code: "invalid"),
        Fault(path: "/api/v1/links?after=!", status: 400, code: "invalid"),
        Fault(path: "/api/v1/links", headers: ["accept": "text/html"], status: 406, code: "not-supported"),
        Fault(path: "/api/v1/nowhere", status: 404, code: "not-found"),
        Fault(path: "/", status: 404, code: "not-found"),
        Fault(method: "DELETE", path: "/api/v1/cluster", status: 405, code: "not-supported"),
        Fault(method: "POST", path: "/api/v1/decisions", body: "{", status: 400, code: "structure"),
        Fault(method: "POST", path: "/api/v1/decisions", body: "[]", status: 400, code: "invalid"),
        Fault(method: "POST", path: "/api/v1/decisions", body: #"{"kind":"merge"}"#, status: 400, code: "invalid"),
        Fault(
            method: "POST",
            path: "/api/v1/decisions",
            body: #"{"kind":"must-link","a":"urn:clinic|1","b":"urn:clinic|none"}"#,
            status: 404,
            code: "not-found"
        ),
        Fault(
            method: "POST",
            path: "/api/v1/decisions",
            body: #"{"kind":"cannot-link","a":"urn:clinic|1","b":"urn:clinic|1"}"#,
            status: 400,
            code: "invalid"
        ),
        Fault(
            method: "POST",
            path: "/api/v1/decisions",
            body: "<a/>",
            headers: ["content-type": "text/xml"],
            status: 415,
            code: "not-supported"
        ),
        Fault(
            method: "POST",
            path: "/api/v1/load",
            body: "x",
            headers: ["content-type": "text/xml"],
            status: 415,
            code: "not-supported"
        ),
    ]

    @Test("Every fault is a problem with status and code (RFC 9457)", arguments: table)
    func faults(fault: Fault) async {
        let (doors, _) = await doors()
        let answer = await doors.send(fault.method, fault.path, fault.body, fault.headers)
        #expect(answer.status == fault.status)
        #expect(answer.headers["content-type"] == "application/problem+json")
        #expect(answer.json["code"]?.string == fault.code)
        #expect(answer.json["type"]?.string == "urn:tessera:problem:\(fault.code)")
        #expect(answer.json["status"]?.integer == fault.status)
        #expect(answer.json["title"]?.string == StatusText.phrase(fault.status))
        #expect(answer.json["detail"]?.string?.isEmpty == false)
    }

    @Test("A registry that does not answer is 503 with Retry-After on every route that asks it")
    func unavailable() async {
        let (doors, golden) = await doors()
        await doors.registry.fail(with: .unavailable(reason: "no leader", retryAfterSeconds: 4))
        for path in [
            "persons/\(golden)", "records/urn:clinic/1", "explain?a=urn:a|1&b=urn:b|2", "changes", "reviews", "links",
        ] {
            let answer = await doors.send("GET", "/api/v1/\(path)")
            #expect(answer.status == 503 && answer.headers["retry-after"] == "4")
            #expect(answer.json["detail"]?.string == "no leader")
        }
    }
}
