import Coordinator
import Identifiers
import JSON
import Testing

@testable import Gateway

/// FHIR R4, 3.1.0: create, update, conditional create and update, delete.
struct PatientWriteTests {
    private let id = RecordKey(source: "urn:clinic", value: "1").id.description

    @Test("A new Patient is created: 201 with address, version, time and golden identifier")
    func create() async {
        let doors = DoorFixture()
        let answer = await doors.send("POST", "/fhir/Patient", Sample.patient("1", id: "theirs"))
        #expect(answer.status == 201)
        #expect(answer.headers["location"] == "https://registry.example/fhir/Patient/\(id)/_history/1")
        #expect(answer.headers["etag"] == "W/\"1\"")
        #expect(answer.headers["last-modified"] == "Tue, 21 Jul 2026 00:00:01 GMT")
        #expect(answer.json["id"]?.string == id)
        #expect(answer.json["meta"]?["versionId"]?.string == "1")
        #expect(answer.json["meta"]?["lastUpdated"]?.string == "2026-07-21T00:00:01.000Z")
        let systems = answer.json["identifier"]?.array?.compactMap { $0["system"]?.string }
        #expect(systems == ["urn:tessera:golden", "urn:clinic"])
    }

    @Test("A create of a known identifier updates its record: 200, never a second one (D11)")
    func createAgain() async {
        let doors = DoorFixture()
        await doors.send("POST", "/fhir/Patient", Sample.patient("1"))
        let answer = await doors.send("POST", "/fhir/Patient", Sample.patient("1", family: "Achieng"))
        #expect(answer.status == 200)
        #expect(answer.headers["etag"] == "W/\"2\"")
        #expect(answer.json["id"]?.string == id)
        #expect(answer.json["name"]?[0]?["family"]?.string == "Achieng")
    }

    @Test("A conditional create makes nothing where the record exists")
    func conditionalCreate() async {
        let doors = DoorFixture()
        let condition = ["if-none-exist": "identifier=urn:clinic|1"]
        let first = await doors.send("POST", "/fhir/Patient", Sample.patient("1"), condition)
        let second = await doors.send("POST", "/fhir/Patient", Sample.patient("1", family: "Other"), condition)
        #expect(first.status == 201)
        #expect(second.status == 200)
        #expect(second.headers["location"] == "https://registry.example/fhir/Patient/\(id)/_history/1")
        #expect(second.json["name"]?[0]?["family"]?.string == "Okello")
    }

    @Test("An update by id stores the next version, under If-Match only over the version named")
    func update() async {
        let doors = DoorFixture()
        let body = Sample.patient("1", id: id)
        #expect(await doors.send("PUT", "/fhir/Patient/\(id)", body).status == 201)
        #expect(await doors.send("PUT", "/fhir/Patient/\(id)", body, ["if-match": "W/\"1\""]).status == 200)
        let stale = await doors.send("PUT", "/fhir/Patient/\(id)", body, ["if-match": "W/\"1\""])
        #expect(stale.status == 412)
        #expect(stale.issue == "conflict")
        #expect(stale.text.contains("the current version is 2"))
    }

    @Test("If-None-Match: * lets an update make a record, never replace one")
    func onlyNew() async {
        let doors = DoorFixture()
        let path = "/fhir/Patient?identifier=urn:clinic%7C1"
        #expect(await doors.send("PUT", path, Sample.patient("1"), ["if-none-match": "*"]).status == 201)
        let second = await doors.send("PUT", path, Sample.patient("1"), ["if-none-match": "*"])
        #expect(second.status == 412)
        #expect(second.issue == "duplicate")
        #expect(await doors.send("PUT", path, Sample.patient("1"), ["if-none-match": "W/\"1\""]).status == 400)
    }

    @Test("A conditional update stores under the identifier of the query: 201, then 200")
    func conditionalUpdate() async {
        let doors = DoorFixture()
        let path = "/fhir/Patient?identifier=urn:clinic%7C1"
        #expect(await doors.send("PUT", path, Sample.patient("1", id: "their-own-id")).status == 201)
        let second = await doors.send("PUT", path, Sample.patient("1"))
        #expect(second.status == 200)
        #expect(second.json["id"]?.string == id)
    }

    @Test("The identifier of the query is the key, whatever comes first in the body")
    func conditionalUpdateKey() async {
        let doors = DoorFixture()
        let body = """
            {"resourceType":"Patient","identifier":[{"system":"urn:other","value":"9"},\
            {"system":"urn:clinic","value":"1"}],"name":[{"family":"A"}]}
            """
        let answer = await doors.send("PUT", "/fhir/Patient?identifier=urn:clinic|1", body)
        #expect(answer.json["id"]?.string == id)
    }

    @Test("Prefer decides what comes back")
    func prefer() async {
        let doors = DoorFixture()
        let minimal = await doors.send("POST", "/fhir/Patient", Sample.patient("1"), ["prefer": "return=minimal"])
        #expect(minimal.status == 201 && minimal.body.isEmpty && minimal.headers["location"] != nil)
        let outcome = await doors.send(
            "POST",
            "/fhir/Patient",
            Sample.patient("1"),
            ["prefer": "respond-async, return=OperationOutcome"]
        )
        #expect(outcome.json["resourceType"]?.string == "OperationOutcome")
        #expect(outcome.json["issue"]?[0]?["severity"]?.string == "information")
    }

    @Test("A delete answers 204, a repeated one as well; reading then gives 410, writing makes the record again")
    func delete() async {
        let doors = DoorFixture()
        await doors.send("POST", "/fhir/Patient", Sample.patient("1"))
        let first = await doors.send("DELETE", "/fhir/Patient/\(id)")
        #expect(first.status == 204)
        #expect(first.headers["etag"] == "W/\"2\"")
        #expect(await doors.send("DELETE", "/fhir/Patient/\(id)").status == 204)
        #expect(await doors.send("DELETE", "/fhir/Patient?identifier=urn:clinic|1").status == 204)
        #expect(await doors.send("DELETE", "/fhir/Patient/0000000000000").status == 204)
        let read = await doors.send("GET", "/fhir/Patient/\(id)")
        #expect(read.status == 410)
        #expect(read.issue == "deleted")
        let again = await doors.send("POST", "/fhir/Patient", Sample.patient("1"))
        #expect(again.status == 201)
        #expect(again.headers["etag"] == "W/\"3\"")
    }

    struct Fault: Sendable, CustomTestStringConvertible {
        var method = "POST"
        var path = "/fhir/Patient"
        var body = ""
        var headers: [String: String] = [:]
        let status: Int
        let issue: String
        var expression: String?
        var testDescription: String { "\(method) \(path) \(body.prefix(60)) -> \(status) \(issue)" }
    }

    static let table: [Fault] = [
        Fault(body: "{", status: 400, issue: "structure"),
        Fault(body: "", status: 400, issue: "structure"),
        Fault(body: "[1]", status: 400, issue: "structure"),
        Fault(body: #"{"resourceType":"Observation"}"#, status: 400, issue: "invalid"),
        Fault(body: #"{"resourceType":"Patient"}"#, status: 422, issue: "required", expression: "Patient.identifier"),
        Fault(
            body: #"{"resourceType":"Patient","identifier":[{"value":"7"}]}"#,
            status: 422,
            issue: "required",
            expression: "Patient.identifier"
        ),
        Fault(
            body: Sample.patient("1", birthDate: "1985-13-02"),
            status: 422,
            issue: "value",
            expression: "Patient.birthDate"
        ),
        Fault(
            body: Sample.patient("1").replacing("female", with: "f"),
            status: 422,
            issue: "code-invalid",
            expression: "Patient.gender"
        ),
        Fault(
            body: Sample.patient("1"),
            headers: ["content-type": "application/fhir+xml"],
            status: 400,
            issue: "structure"
        ),
        Fault(
            body: Sample.patient("1"),
            headers: ["content-type": "application/fhir+json; charset=latin1"],
            status: 415,
            issue: "not-supported"
        ),
        Fault(
            body: Sample.patient("1"),
            headers: ["content-type": "application/fhir+json; fhirVersion=5.0"],
            status: 415,
            issue: "not-supported"
        ),
        Fault(
            body: Sample.patient("1"),
            headers: ["content-encoding": "gzip"],
            status: 415,
            issue: "not-supported"
        ),
        Fault(
            body: Sample.patient("1"),
            headers: ["accept": "text/turtle"],
            status: 406,
            issue: "not-supported"
        ),
        Fault(path: "/fhir/Patient?_format=turtle", body: Sample.patient("1"), status: 406, issue: "not-supported"),
        Fault(
            body: Sample.patient("1"),
            headers: ["if-none-exist": "name=Okello"],
            status: 400,
            issue: "not-supported",
            expression: "If-None-Exist"
        ),
        Fault(
            body: Sample.patient("1"),
            headers: ["if-none-exist": "identifier=urn:clinic|2"],
            status: 400,
            issue: "invalid",
            expression: "If-None-Exist"
        ),
        Fault(
            method: "PUT",
            path: "/fhir/Patient?identifier=urn:clinic|2",
            body: Sample.patient("1"),
            status: 400,
            issue: "invalid",
            expression: "Patient.identifier"
        ),
        Fault(
            method: "PUT",
            path: "/fhir/Patient?identifier=urn:tessera:golden|X",
            body: Sample.patient("1"),
            status: 422,
            issue: "business-rule",
            expression: "Patient.identifier"
        ),
        Fault(
            method: "PUT",
            path: "/fhir/Patient?identifier=1",
            body: Sample.patient("1"),
            status: 400,
            issue: "invalid",
            expression: "identifier"
        ),
        Fault(
            method: "PUT",
            path: "/fhir/Patient?family=A",
            body: Sample.patient("1"),
            status: 400,
            issue: "not-supported",
            expression: "identifier"
        ),
        Fault(
            method: "PUT",
            path: "/fhir/Patient",
            body: Sample.patient("1"),
            status: 400,
            issue: "not-supported",
            expression: "identifier"
        ),
        Fault(
            method: "PUT",
            path: "/fhir/Patient/0000000000000",
            body: Sample.patient("1"),
            status: 400,
            issue: "invalid",
            expression: "Patient.id"
        ),
        Fault(
            method: "PUT",
            path: "/fhir/Patient/0000000000000",
            body: Sample.patient("1", id: "0000000000000"),
            status: 422,
            issue: "business-rule",
            expression: "Patient.identifier"
        ),
        Fault(
            method: "PUT",
            path: "/fhir/Patient/my-own",
            body: Sample.patient("1", id: "my-own"),
            status: 405,
            issue: "not-supported"
        ),
        Fault(
            method: "PUT",
            path: "/fhir/Patient/\(RecordKey(source: "urn:clinic", value: "1").id)",
            body: Sample.patient("1", id: RecordKey(source: "urn:clinic", value: "1").id.description),
            headers: ["if-match": "nonsense"],
            status: 400,
            issue: "invalid"
        ),
        Fault(
            method: "DELETE",
            path: "/fhir/Patient/\(GoldenID(birth: Sequence(5)))",
            status: 405,
            issue: "not-supported"
        ),
        Fault(method: "DELETE", path: "/fhir/Patient", status: 400, issue: "not-supported"),
        Fault(method: "PATCH", path: "/fhir/metadata", status: 405, issue: "not-supported"),
        Fault(method: "POST", path: "/fhir/Observation", status: 404, issue: "not-found"),
        Fault(method: "GET", path: "/fhir/Patient/%zz", status: 400, issue: "invalid"),
        Fault(method: "GET", path: "/fhir", status: 405, issue: "not-supported"),
    ]

    @Test("Every fault has its status, its code and its element", arguments: table)
    func faults(fault: Fault) async {
        let doors = DoorFixture()
        var headers = fault.headers
        if fault.body.isEmpty, fault.method == "POST" { headers["content-type"] = "application/fhir+json" }
        let answer = await doors.send(fault.method, fault.path, fault.body, headers)
        #expect(answer.status == fault.status)
        #expect(answer.headers["content-type"]?.hasPrefix("application/fhir+json") == true)
        #expect(answer.json["resourceType"]?.string == "OperationOutcome")
        #expect(answer.json["issue"]?[0]?["severity"]?.string == "error")
        #expect(answer.issue == fault.issue)
        if let expression = fault.expression { #expect(answer.expression == expression) }
        if fault.status == 405 { #expect(answer.headers["allow"] != nil) }
        #expect(await doors.registry.batches.isEmpty, "a faulty request must not reach the registry")
    }

    @Test("Malformed JSON is told with line and column")
    func position() async {
        let answer = await DoorFixture().send(
            "POST",
            "/fhir/Patient",
            "{\"resourceType\":\"Patient\",\n  \"name\": [x]}"
        )
        #expect(answer.issue == "structure")
        #expect(answer.json["issue"]?[0]?["diagnostics"]?.string?.contains("(line 2, column 12)") == true)
    }

    @Test("What the registry refuses has its status")
    func refused() async {
        let other = RecordKey(source: "s", value: "v")
        let refusals: [(SubmissionOutcome, Int, String, String?)] = [
            (.unavailable(reason: "shard-2 does not answer", retryAfterSeconds: 3), 503, "transient", "3"),
            (.refused(.addressCollision(with: other)), 409, "conflict", nil),
            (.refused(.versionConflict(current: 4)), 412, "conflict", nil),
            (.refused(.alreadyExists), 412, "duplicate", nil),
        ]
        for (outcome, status, issue, retry) in refusals {
            let doors = DoorFixture()
            await doors.registry.answerWrites(with: outcome)
            let answer = await doors.send("POST", "/fhir/Patient", Sample.patient("1"))
            #expect(answer.status == status)
            #expect(answer.issue == issue)
            #expect(answer.headers["retry-after"] == retry)
        }
    }
}
