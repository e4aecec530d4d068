import Coordinator
import Identifiers
import JSON
import Testing

@testable import Gateway

/// FHIR R4, 3.1.0.11: batch and transaction.
struct BundleTests {
    private func id(_ value: String) -> String { RecordKey(source: "urn:clinic", value: value).id.description }

    private func bundle(_ type: String, _ entries: [String]) -> String {
        #"{"resourceType":"Bundle","type":""# + type + #"","entry":["# + entries.joined(separator: ",") + "]}"
    }

    private func entry(_ method: String, _ url: String, _ resource: String? = nil, _ more: String = "") -> String {
        let body = resource.map { "\"resource\":\($0)," } ?? ""
        return "{\(body)\"request\":{\"method\":\"\(method)\",\"url\":\"\(url)\"}\(more)}"
    }

    private func statuses(_ answer: DoorAnswer) -> [String] {
        (answer.json["entry"]?.array ?? []).map { String($0["response"]?["status"]?.string?.prefix(3) ?? "") }
    }

    @Test("A batch: each entry on its own, answers in order, all writes in one submission")
    func batch() async throws {
        let doors = DoorFixture()
        await doors.send("POST", "/fhir/Patient", Sample.patient("9"))
        let body = bundle(
            "batch",
            [
                entry("POST", "Patient", Sample.patient("1")),
                entry("PUT", "Patient?identifier=urn:clinic|2", Sample.patient("2")),
                entry("POST", "Patient", Sample.patient("3", birthDate: "1985-13-02")),
                entry("GET", "Patient/\(id("9"))"),
                entry("DELETE", "Patient/\(id("9"))"),
                entry("GET", "Patient/nope"),
                entry("POST", "Observation", #"{"resourceType":"Observation"}"#),
                entry("PUT", "https://registry.example/fhir/Patient?identifier=urn:clinic|1", Sample.patient("1")),
                #"{"resource":{"resourceType":"Patient"}}"#,
                entry("BREW", "Patient"),
                entry("DELETE", "Patient/0000000000000"),
                entry("POST", "", bundle("batch", [])),
                entry("POST", "/", bundle("batch", [])),
            ]
        )
        let answer = await doors.send("POST", "/fhir", body)
        #expect(answer.status == 200)
        #expect(answer.json["type"]?.string == "batch-response")
        #expect(
            statuses(answer) == [
                "201", "201", "422", "410", "204", "404", "404", "200", "400", "422", "204", "422", "400",
            ]
        )
        #expect(await doors.registry.batches == [1, 4])
        #expect(try GoldenAnswer.difference(answer.body, "batch-response.json") == nil)
    }

    @Test("A batch answers Patients where the client prefers them")
    func batchRepresentation() async {
        let body = bundle("batch", [entry("POST", "Patient", Sample.patient("1"))])
        let minimal = await DoorFixture().send("POST", "/fhir", body)
        #expect(minimal.json["entry"]?[0]?["resource"] == nil)
        let full = await DoorFixture().send("POST", "/fhir/", body, ["prefer": "return=representation"])
        #expect(full.json["entry"]?[0]?["resource"]?["id"]?.string == id("1"))
    }

    @Test("A patch stands in a bundle as a Binary", arguments: ["batch", "transaction"])
    func patch(kind: String) async {
        let doors = DoorFixture()
        await doors.send("POST", "/fhir/Patient", Sample.patient("1"))
        func send(_ resource: String) async -> DoorAnswer {
            await doors.send("POST", "/fhir", bundle(kind, [entry("PATCH", "Patient/\(id("1"))", resource)]))
        }
        // [{"op":"replace","path":"/gender","value":"other"}]
        let data = "W3sib3AiOiJyZXBsYWNlIiwicGF0aCI6Ii9nZW5kZXIiLCJ2YWx1ZSI6Im90aGVyIn1d"
        let binary = { (type: String, data: String) in
            "{\"resourceType\":\"Binary\",\"contentType\":\"\(type)\",\"data\":\"\(data)\"}"
        }
        #expect(statuses(await send(binary("application/json-patch+json", data))) == ["200"])
        let read = await doors.send("GET", "/fhir/Patient/\(id("1"))")
        #expect(read.json["gender"]?.string == "other" && read.headers["etag"] == "W/\"2\"")
        let wrong = [
            (binary("text/plain", data), "resource"), (binary("application/json-patch+json", "?"), "resource.data"),
            (Sample.patient("1"), "resource"),
        ]
        for (resource, place) in wrong {
            let answer = await send(resource)
            let outcome = kind == "batch" ? answer.json["entry"]?[0]?["response"]?["outcome"] : answer.json
            #expect(outcome?["issue"]?[0]?["expression"]?[0]?.string == "Bundle.entry[0].\(place)")
        }
    }

    @Test("An operation may stand in a batch")
    func operation() async {
        let doors = DoorFixture()
        await doors.send("POST", "/fhir/Patient", Sample.patient("1"))
        let answer = await doors.send(
            "POST",
            "/fhir",
            bundle("batch", [entry("POST", "Patient/$match", Sample.patient("7"))])
        )
        #expect(statuses(answer) == ["200"])
        #expect(answer.json["entry"]?[0]?["resource"]?["total"]?.integer == 1)
    }

    @Test("A transaction stores all: removals, creates, updates, reads; answers in the order of the entries")
    func transaction() async throws {
        let doors = DoorFixture()
        await doors.send("POST", "/fhir/Patient", Sample.patient("9"))
        let child = Sample.patient(
            "2",
            more: #","link":[{"other":{"reference":"urn:uuid:11","display":"urn:uuid:11"},"type":"seealso"}]"#
        )
        let body = bundle(
            "transaction",
            [
                entry("GET", "Patient/\(id("1"))"),
                entry("PUT", "Patient?identifier=urn:clinic|2", child),
                entry("POST", "Patient", Sample.patient("1"), #","fullUrl":"urn:uuid:11""#),
                entry("DELETE", "Patient?identifier=urn:clinic|9"),
            ]
        )
        let answer = await doors.send("POST", "/fhir", body)
        #expect(answer.json["type"]?.string == "transaction-response")
        #expect(statuses(answer) == ["200", "201", "201", "204"])
        #expect(try GoldenAnswer.difference(answer.body, "transaction-response.json") == nil)
        let stored = await doors.send("GET", "/fhir/Patient/\(id("2"))")
        #expect(stored.json["link"]?[0]?["other"]?["reference"]?.string == "Patient/\(id("1"))")
        #expect(stored.json["link"]?[0]?["other"]?["display"]?.string == "urn:uuid:11")
    }

    @Test("A transaction with one fault stores nothing and names the entry")
    func transactionFaults() async {
        let good = entry("POST", "Patient", Sample.patient("1"))
        let stale =
            #"{"resource":"# + Sample.patient("2")
            + #","request":{"method":"PUT","url":"Patient?identifier=urn:clinic|2","ifMatch":"W/\"4\""}}"#
        let table: [(String, Int, String, String)] = [
            (
                entry("POST", "Patient", Sample.patient("2", birthDate: "x")), 422, "value",
                "Bundle.entry[1].resource.birthDate"
            ),
            (entry("POST", "Patient", Sample.patient("1")), 400, "invalid", "Bundle.entry[1].resource"),
            (stale, 412, "conflict", "Bundle.entry[1].request.ifMatch"),
            (#"{"resource":{}}"#, 400, "required", "Bundle.entry[1].request"),
            (#"{"request":{"method":"GET"}}"#, 422, "required", "Bundle.entry[1].request"),
        ]
        for (bad, status, issue, expression) in table {
            let doors = DoorFixture()
            let answer = await doors.send("POST", "/fhir", bundle("transaction", [good, bad]))
            #expect(answer.status == status)
            #expect(answer.issue == issue)
            #expect(answer.expression == expression)
            #expect(await doors.registry.batches.isEmpty)
        }
    }

    @Test("A transaction that the registry could not carry out is refused as a whole")
    func transactionUnavailable() async {
        let doors = DoorFixture()
        await doors.registry.answerWrites(with: .unavailable(reason: "no leader", retryAfterSeconds: 5))
        let body = bundle("transaction", [entry("POST", "Patient", Sample.patient("1"))])
        let answer = await doors.send("POST", "/fhir", body)
        #expect(answer.status == 503 && answer.headers["retry-after"] == "5")
    }

    @Test("What is no bundle of requests is refused")
    func notABundle() async {
        let table: [(String, Int, String)] = [
            (Sample.patient("1"), 400, "invalid"), (bundle("collection", []), 422, "not-supported"),
            (bundle("nonsense", []), 422, "code-invalid"), (#"{"resourceType":"Bundle"}"#, 422, "required"),
            (#"{"resourceType":"Bundle","type":"batch","entry":[{"#, 400, "structure"),
        ]
        for (body, status, issue) in table {
            let answer = await DoorFixture().send("POST", "/fhir", body)
            #expect(answer.status == status)
            #expect(answer.issue == issue)
        }
        let empty = await DoorFixture().send("POST", "/fhir", bundle("batch", []))
        #expect(empty.status == 200 && empty.json["entry"] == nil)
    }
}
