import JSON
import Testing

@testable import tessera

/// What an export of OpenCR means.
@Suite struct OpenCRExportTests {
    private func read(_ resources: String..., systems: [String] = []) throws -> OpenCRExport {
        var export = OpenCRExport(systems: systems)
        for text in resources { export.add(try JSONValue(parsing: Array(text.utf8).span.bytes)) }
        return export
    }

    private func golden(_ id: String, _ links: String...) -> String {
        let all = links.map { link in
            let parts = link.split(separator: " ")
            return #"{"type":"\#(parts[0])","other":{"reference":"Patient/\#(parts[1])"}}"#
        }
        return """
            {"resourceType":"Patient","id":"\(id)","meta":{"tag":[{"code":"\(OpenCRExport.goldenTag)"}]},\
            "link":[\(all.joined(separator: ","))]}
            """
    }

    private func record(_ id: String, _ value: String, refers golden: String = "", broken: String = "") -> String {
        let link = golden.isEmpty ? "" : #","link":[{"type":"refer","other":{"reference":"Patient/\#(golden)"}}]"#
        let apart =
            broken.isEmpty
            ? ""
            : #","extension":[{"url":"http://clientregistry.org/brokenMatch","#
                + #""valueReference":{"reference":"Patient/\#(broken)"}}]"#
        return """
            {"resourceType":"Patient","id":"\(id)","identifier":[{"system":"urn:p","value":"\(value)"}]\(link)\(apart)}
            """
    }

    @Test func linksOfEitherSideMakePersons() throws {
        let export = try read(
            golden("g1", "seealso a", "seealso b"),
            record("a", "1"),
            record("b", "2", refers: "g1"),
            record("c", "3", refers: "g2"),
            golden("g2")
        )
        #expect(export.persons.map(\.golden) == ["g1", "g2"])
        #expect(export.persons.map { $0.records.map(\.value) } == [["1", "2"], ["3"]])
        #expect(export.names.map(\.golden) == ["g1", "g2"] && export.emptied == 0)
    }

    @Test func anEmptiedGoldenRecordNamesWhereItWent() throws {
        let export = try read(
            golden("g1", "seealso a"),
            golden("g2", "replaced-by g3"),
            golden("g3", "replaced-by g1"),
            golden("g4", "replaced-by g5"),
            golden("g5", "replaced-by g4"),
            record("a", "1")
        )
        #expect(export.names.map { "\($0.golden)=\($0.record.value)" } == ["g1=1", "g2=1", "g3=1"])
        #expect(export.emptied == 2, "a circle leads nowhere, and is left")
    }

    @Test func breaksAreKeptOnceAndLeaveTheRecord() throws {
        let export = try read(record("b", "2", broken: "a"), record("a", "1", broken: "b"))
        #expect(export.breaks == [["a", "b"]])
        #expect(export.records.allSatisfy { $0.patient["extension"] == nil && $0.patient["id"] == nil })
    }

    @Test func theWantedSystemNamesTheRecord() throws {
        let text = """
            {"resourceType":"Patient","id":"a","meta":{"tag":[{"system":"http://openclientregistry.org/fhir/clientid",\
            "code":"x"},{"system":"urn:mine","code":"y"}]},"identifier":[{"system":"urn:nid","value":"N"},\
            {"system":"urn:p","value":"1"}]}
            """
        let export = try read(text, systems: ["urn:p"])
        #expect(export.records.first?.source == "urn:p" && export.records.first?.value == "1")
        let patient = try #require(export.records.first?.patient)
        #expect(
            patient["identifier"]?[0]?["system"]?.string == "urn:p"
                && patient["identifier"]?[1]?["value"]?.string == "N"
        )
        #expect(patient["meta"]?["tag"]?.array?.count == 1)
        #expect(try read(text, systems: ["urn:other"]).nameless == ["a"])
    }

    @Test func bundlesAreReadWhole() throws {
        let bundle = #"{"resourceType":"Bundle","type":"searchset","entry":[{"resource":\#(record("a", "1"))}]}"#
        #expect(try read(bundle).records.count == 1)
        #expect(try read(#"{"resourceType":"Organization"}"#).records.isEmpty)
    }
}
