import Identifiers
import JSON
import Testing

@testable import Gateway

/// Where a parameter, a field of the head or an element of the body is at fault, the answer names it.
@Suite("The place of a fault")
struct FaultPlaceTests {
    private static let patches = ["content-type": "application/json-patch+json"]

    private func parameters(_ source: String, target: String? = nil) -> String {
        let wanted = target.map { ",{\"name\":\"targetSystem\",\"valueString\":\"\($0)\"}" } ?? ""
        return """
            {"resourceType":"Parameters","parameter":\
            [{"name":"sourceIdentifier","valueString":"\(source)"}\(wanted)]}
            """
    }

    @Test("Cross-references: the parameter, by GET and by POST")
    func crossReferences() async {
        let doors = DoorFixture()
        await doors.send("POST", "/fhir/Patient", Sample.patient("1"))
        let cases = [
            ("urn:nowhere|1", nil, 400, "sourceIdentifier"), ("urn:clinic|1", "urn:nowhere", 403, "targetSystem"),
            ("urn:clinic|2", nil, 404, "sourceIdentifier"), ("urn:clinic", nil, 400, "sourceIdentifier"),
        ]
        for (source, target, status, place) in cases {
            let posted = await doors.send("POST", "/fhir/Patient/$ihe-pix", parameters(source, target: target))
            #expect(posted.status == status && posted.expression == place)
            let query = "sourceIdentifier=\(source)" + (target.map { "&targetSystem=\($0)" } ?? "")
            let got = await doors.send("GET", "/fhir/Patient/$ihe-pix?\(query)")
            #expect(got.status == status && got.expression == place)
        }
        let domain = await doors.send("GET", "/fhir/Patient?identifier=urn:nowhere%7C")
        #expect(domain.status == 404 && domain.expression == "identifier")
    }

    @Test("Conditions: the field of the head, or the element of the entry")
    func conditions() async {
        let doors = DoorFixture()
        await doors.send("POST", "/fhir/Patient", Sample.patient("1"))
        let url = "Patient?identifier=urn:clinic|1"
        let cases = [
            ("if-match", "x", 400, "If-Match", "ifMatch"), ("if-match", "W/\"7\"", 412, "If-Match", "ifMatch"),
            ("if-none-match", "x", 400, "If-None-Match", "ifNoneMatch"),
            ("if-none-match", "*", 412, "If-None-Match", "ifNoneMatch"),
        ]
        for (field, value, status, place, element) in cases {
            let alone = await doors.send("PUT", "/fhir/\(url)", Sample.patient("1"), [field: value])
            #expect(alone.status == status && alone.expression == place)
            let quoted = value.replacing("\"", with: "\\\"")
            let entry = """
                {"resource":\(Sample.patient("1")),"request":{"method":"PUT","url":"\(url)","\(element)":"\(quoted)"}}
                """
            let wanted = "Bundle.entry[0].request.\(element)"
            let batch = await doors.send(
                "POST",
                "/fhir",
                "{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":[\(entry)]}"
            )
            let outcome = batch.json["entry"]?[0]?["response"]?["outcome"]
            #expect(outcome?["issue"]?[0]?["expression"]?[0]?.string == wanted)
            let transaction = await doors.send(
                "POST",
                "/fhir",
                "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[\(entry)]}"
            )
            #expect(transaction.status == status && transaction.expression == wanted)
        }
    }

    @Test("Bodies and formats")
    func bodies() async {
        let doors = DoorFixture()
        await doors.send("POST", "/fhir/Patient", Sample.patient("1"))
        let id = RecordKey(source: "urn:clinic", value: "1").id
        let patch = await doors.send("PATCH", "/fhir/Patient/\(id)", "{}", Self.patches)
        #expect(patch.status == 400 && patch.expression == "$this")
        let operation = "[{\"op\":\"remove\",\"path\":\"/nothing\"}]"
        let failed = await doors.send("PATCH", "/fhir/Patient/\(id)", operation, Self.patches)
        #expect(failed.status == 422 && failed.expression == "$this[0]")
        let match = await doors.send("POST", "/fhir/Patient/$match", "{\"resourceType\":\"Observation\"}")
        #expect(match.status == 400 && match.expression == "resourceType")
        let page = await doors.send("GET", "/fhir/Patient/\(id)", "", ["accept": "text/html"])
        #expect(page.status == 406 && page.expression == "Accept")
        let format = await doors.send("GET", "/fhir/Patient/\(id)?_format=html")
        #expect(format.status == 406 && format.expression == "_format")
        let text = await doors.send("POST", "/fhir/Patient", Sample.patient("2"), ["content-type": "text/plain"])
        #expect(text.status == 415 && text.expression == "Content-Type")
        let broken = await doors.send("GET", "/fhir/Patient?family=%zz")
        #expect(broken.status == 400 && broken.expression == "url")
    }
}
