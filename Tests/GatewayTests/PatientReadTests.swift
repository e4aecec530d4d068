import Coordinator
import Identifiers
import JSON
import Testing

@testable import Gateway

/// FHIR R4: read, vread, search by what names a record; Patients of golden identifiers.
struct PatientReadTests {
    private let id = RecordKey(source: "urn:clinic", value: "1").id.description

    /// Doors with two records of one person and one of another; the golden identifier of the two.
    private func doors() async -> (DoorFixture, String) {
        let doors = DoorFixture()
        let first = await doors.send("POST", "/fhir/Patient", Sample.patient("1", more: #","photo":[{"title":"é\n"}]"#))
        await doors.send("POST", "/fhir/Patient", Sample.patient("2"))
        await doors.send("POST", "/fhir/Patient", Sample.patient("3", family: "Other"))
        return (doors, first.json["identifier"]?[0]?["value"]?.string ?? "")
    }

    @Test("A read gives the bytes of the source with id, version and golden identifier")
    func read() async {
        let (doors, golden) = await doors()
        let answer = await doors.send("GET", "/fhir/Patient/\(id)")
        #expect(answer.status == 200)
        #expect(
            answer.text == """
                {"resourceType":"Patient","id":"\(id)",\
                "meta":{"versionId":"1","lastUpdated":"2026-07-21T00:00:01.000Z"},\
                "identifier":[{"system":"urn:tessera:golden","value":"\(golden)"},{"system":"urn:clinic","value":"1"}],\
                "name":[{"family":"Okello","given":["Akinyi"]}],"gender":"female","birthDate":"1980-02-29",\
                "photo":[{"title":"é\\n"}]}
                """
        )
    }

    @Test("What a client holds already is not sent again")
    func notModified() async {
        let (doors, _) = await doors()
        for tag in ["W/\"1\"", "\"1\"", "W/\"9\", W/\"1\"", "*"] {
            let answer = await doors.send("GET", "/fhir/Patient/\(id)", "", ["if-none-match": tag])
            #expect(answer.status == 304 && answer.body.isEmpty && answer.headers["etag"] == "W/\"1\"")
        }
        #expect(await doors.send("GET", "/fhir/Patient/\(id)", "", ["if-none-match": "W/\"2\""]).status == 200)
    }

    @Test("Earlier versions can be read, a version that is a deletion is gone")
    func versions() async {
        let (doors, _) = await doors()
        await doors.send("POST", "/fhir/Patient", Sample.patient("1", family: "Achieng"))
        await doors.send("DELETE", "/fhir/Patient/\(id)")
        let first = await doors.send("GET", "/fhir/Patient/\(id)/_history/1")
        #expect(first.json["name"]?[0]?["family"]?.string == "Okello")
        #expect(first.headers["etag"] == "W/\"1\"")
        let second = await doors.send("GET", "/fhir/Patient/\(id)/_history/2")
        #expect(second.json["name"]?[0]?["family"]?.string == "Achieng")
        #expect(await doors.send("GET", "/fhir/Patient/\(id)/_history/3").status == 410)
        for version in ["4", "0", "x", "-1", "99999999999"] {
            #expect(await doors.send("GET", "/fhir/Patient/\(id)/_history/\(version)").status == 404)
        }
    }

    @Test("A golden identifier reads as the person: identifiers of all records, links to them")
    func person() async {
        let (doors, golden) = await doors()
        let answer = await doors.send("GET", "/fhir/Patient/\(golden)")
        #expect(answer.status == 200)
        #expect(answer.json["id"]?.string == golden)
        let values = answer.json["identifier"]?.array?.compactMap { $0["value"]?.string } ?? []
        #expect(values.first == golden)
        #expect(Set(values) == [golden, "1", "2"])
        #expect(answer.json["name"]?[0]?["family"]?.string == "Okello")
        let links = answer.json["link"]?.array ?? []
        #expect(links.count == 2)
        #expect(links.allSatisfy { $0["type"]?.string == "seealso" })
        #expect(links.contains { $0["other"]?["reference"]?.string == "Patient/\(id)" })
    }

    @Test("A retired golden identifier says who took its place")
    func retired() async throws {
        let (doors, golden) = await doors()
        let old = GoldenID(birth: Sequence(77))
        await doors.registry.retire(old, for: try #require(GoldenID(golden)))
        let answer = await doors.send("GET", "/fhir/Patient/\(old)")
        #expect(answer.status == 200)
        #expect(answer.json["id"]?.string == old.description)
        #expect(answer.json["active"]?.boolean == false)
        #expect(answer.json["link"]?[0]?["type"]?.string == "replaced-by")
        #expect(answer.json["link"]?[0]?["other"]?["reference"]?.string == "Patient/\(golden)")
        let survivor = await doors.send("GET", "/fhir/Patient/\(golden)")
        #expect(survivor.json["link"]?.array?.last?["type"]?.string == "replaces")
    }

    @Test("What is not there is 404 with an outcome")
    func missing() async {
        let (doors, _) = await doors()
        for name in ["0000000000000", "nope", GoldenID(birth: Sequence(999)).description] {
            let answer = await doors.send("GET", "/fhir/Patient/\(name)")
            #expect(answer.status == 404)
            #expect(answer.issue == "not-found")
        }
    }

    @Test("HEAD finds what GET finds")
    func head() async {
        let (doors, _) = await doors()
        #expect(await doors.send("HEAD", "/fhir/Patient/\(id)").headers["etag"] == "W/\"1\"")
    }

    @Test(
        "A search finds records by identifier, id and golden identifier; commas are or, repetition is and",
        arguments: [
            ("identifier=urn:clinic|1", 1), ("identifier=urn:clinic%7C1", 1), ("identifier=urn:clinic|9", 0),
            ("identifier=urn:clinic|1,urn:clinic|3", 2), ("identifier=urn:clinic|1&identifier=urn:clinic|2", 0),
            ("identifier=urn:tessera:golden|GOLDEN", 2), ("_id=ID", 1), ("_id=ID,nope", 1), ("_id=GOLDEN", 1),
            ("_id=ID&identifier=urn:clinic|1", 1), ("identifier=urn:tessera:golden|nonsense", 0),
            ("identifier=urn:clinic|1&_format=json&_count=10", 1), ("identifier=", 0), ("identifier=1", 1),
            ("identifier=urn:clinic|", 2), ("family=okello", 1), ("_sort=family", 2), ("gender=female,male", 2),
        ]
    )
    func search(query: String, total: Int) async {
        let (doors, golden) = await doors()
        let query = query.replacing("GOLDEN", with: golden).replacing("ID", with: id)
        for answer in [
            await doors.send("GET", "/fhir/Patient?\(query)"),
            await doors.send(
                "POST",
                "/fhir/Patient/_search",
                query,
                ["content-type": "application/x-www-form-urlencoded"]
            ),
        ] {
            #expect(answer.status == 200)
            #expect(answer.json["type"]?.string == "searchset")
            #expect(answer.json["total"]?.integer == total)
            #expect((answer.json["entry"]?.array ?? []).count == total)
            #expect(answer.json["link"]?[0]?["relation"]?.string == "self")
            for entry in answer.json["entry"]?.array ?? [] {
                let resource = entry["resource"]?["id"]?.string ?? ""
                #expect(entry["fullUrl"]?.string == "https://registry.example/fhir/Patient/\(resource)")
                #expect(entry["search"]?["mode"]?.string == "match")
            }
        }
    }

    @Test("_count=0 gives the total only")
    func count() async {
        let (doors, _) = await doors()
        let answer = await doors.send("GET", "/fhir/Patient?identifier=urn:clinic|1&_count=0")
        #expect(answer.json["total"]?.integer == 1)
        #expect(answer.json["entry"] == nil)
    }

    @Test(
        "A search that cannot be understood is refused",
        arguments: [
            ("identifier=|", "invalid"),
            ("family:sounds=Okello", "not-supported"), ("birthdate=yesterday", "invalid"),
            ("identifier=urn:clinic|1&_count=x", "invalid"), ("identifier:exact=1", "not-supported"),
            ("_sort=colour", "not-supported"),
            ("_cursor=x", "invalid"), ("_summary=all", "invalid"),
            ("_id=" + String(repeating: "x,", count: 100), "too-costly"),
        ]
    )
    func searchFaults(query: String, issue: String) async {
        let answer = await DoorFixture().send("GET", "/fhir/Patient?\(query)")
        #expect(answer.status == 400)
        #expect(answer.issue == issue)
    }

    @Test("A registry that does not answer is 503 with Retry-After; a damaged row is 500")
    func trouble() async {
        let (doors, golden) = await doors()
        for path in ["/fhir/Patient/\(id)", "/fhir/Patient/\(golden)", "/fhir/Patient?identifier=urn:clinic|1"] {
            await doors.registry.fail(with: .unavailable(reason: "shard-1 does not answer", retryAfterSeconds: 2))
            let busy = await doors.send("GET", path)
            #expect(busy.status == 503 && busy.headers["retry-after"] == "2" && busy.issue == "transient")
            await doors.registry.fail(with: .corrupt("home row"))
            #expect(await doors.send("GET", path).status == 500)
        }
    }
}
