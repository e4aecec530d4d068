import FHIR
import JSON
import Testing

/// What the registry says: outcomes, its capability statement, its stamp on a stored patient.
@Suite struct OutcomeTests {
    @Test func `a decoding fault becomes an outcome`() throws {
        let error = try #require(patientError(#"{"resourceType":"Patient","birthDate":"1985-13-02"}"#))
        let expected =
            #"{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"value","#
            + #""details":{"text":"Patient.birthDate: the date does not exist in the calendar"},"#
            + #""diagnostics":"line 1, column 39","expression":["Patient.birthDate"]}]}"#
        #expect(text(OperationOutcome(error).encoded()) == expected)
    }

    @Test func `a capability statement names what can be done`() throws {
        var statement = CapabilityStatement(
            version: "1.0",
            date: try FHIRDateTime(parsing: "2026-01-01"),
            url: "http://h/fhir"
        )
        var patient = CapabilityStatement.Resource(type: "Patient", interactions: ["read", "create"])
        patient.conditionalUpdate = true
        patient.searchParameters = [CapabilityStatement.SearchParameter(name: "identifier", type: "token")]
        patient.operations = [CapabilityStatement.Operation(name: "match", definition: "http://x/match")]
        statement.resources = [patient]
        statement.systemInteractions = ["batch"]
        let bytes = statement.encoded()
        let value = try JSONValue(parsing: bytes.span.bytes)
        #expect(value["fhirVersion"]?.string == "4.0.1")
        let resource = value["rest"]?[0]?["resource"]?[0]
        #expect(resource?["interaction"]?[1]?["code"]?.string == "create")
        #expect(resource?["conditionalUpdate"]?.boolean == true)
        #expect(resource?["conditionalCreate"] == nil)
        #expect(resource?["operation"]?[0]?["name"]?.string == "match")
        #expect(value["rest"]?[0]?["interaction"]?[0]?["code"]?.string == "batch")
    }

    @Test func `a stamp changes what it names and leaves the rest as it was sent`() throws {
        let stored = Array(
            #"""
            {"photo" : [ {"x":1.10} ],"resourceType":"Patient","id":"theirs","identifier":[{"system":"urn:g","value":"old"},
            {"system":"urn:a","value":"1","odd":{}}],"meta":{"versionId":"9","profile":["p"]},"active":true,
            "link":[{"other":{},"type":"refer"}]}
            """#.utf8
        )
        let stamp = PatientStamp(
            id: "7",
            meta: Meta(versionId: "2", lastUpdated: "2026-01-01T00:00:00Z"),
            identifiers: [Identifier(system: "urn:g", value: "G1")],
            active: false,
            links: [PatientLink(other: Reference(reference: "Patient/8"), kind: .replacedBy)]
        )
        let expected =
            #"{"resourceType":"Patient","id":"7","meta":{"versionId":"2","lastUpdated":"2026-01-01T00:00:00Z","#
            + #""profile":["p"]},"identifier":[{"system":"urn:g","value":"G1"},{"system":"urn:a","value":"1","odd":{}}],"#
            + #""active":false,"photo":[ {"x":1.10} ],"link":[{"other":{},"type":"refer"},"#
            + #"{"other":{"reference":"Patient/8"},"type":"replaced-by"}]}"#
        #expect(text(try stamp.applied(to: stored.span.bytes)) == expected)
    }

    @Test func `an empty stamp keeps every member`() throws {
        let stored = Array(#"{"resourceType":"Patient","id":"1","name":[{"family":"\u004b"}]}"#.utf8)
        #expect(try PatientStamp().applied(to: stored.span.bytes) == stored)
    }

    @Test func `a resource is known by its header`() throws {
        let bytes = Array(#"{"entry":[{}],"id":"b","resourceType":"Bundle"}"#.utf8)
        let header = try ResourceHeader(decoding: bytes.span.bytes)
        #expect(header.resourceType == "Bundle")
        #expect(header.id == "b")
        let nameless = Array(#"{"id":"b"}"#.utf8)
        #expect(throws: FHIRError.self) { try ResourceHeader(decoding: nameless.span.bytes) }
    }
}
