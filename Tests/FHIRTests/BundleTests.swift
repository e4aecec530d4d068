import FHIR
import JSON
import Testing

/// Bundles in, entry by entry; bundles out, byte by byte.
@Suite struct BundleTests {
    private func bundle(_ text: String) throws(FHIRError) -> Bundle {
        let bytes = Array(text.utf8)
        return try Bundle(decoding: bytes.span.bytes)
    }

    @Test func `a transaction gives its requests and the place of its resources`() throws {
        let source = #"""
            {"resourceType":"Bundle","id":"b","type":"transaction","link":[],"entry":[
             {"fullUrl":"urn:uuid:1","resource": {"resourceType":"Patient","gender":"male"} ,
              "request":{"method":"PUT","url":"Patient?identifier=s|v","ifMatch":"W/\"1\""}},
             {"request":{"method":"DELETE","url":"Patient/1"}},
             {"resource":{"resourceType":"Patient"},"request":{"method":"POST","url":"Patient","ifNoneExist":"identifier=s|w"}}]}
            """#
        let bundle = try bundle(source)
        #expect(bundle.id == "b")
        #expect(bundle.type == .transaction)
        #expect(bundle.entries.map(\.fullURL) == ["urn:uuid:1", "", ""])
        #expect(bundle.entries.map { $0.request?.method } == [.put, .delete, .post])
        #expect(bundle.entries[0].request?.ifMatch == "W/\"1\"")
        #expect(bundle.entries[2].request?.ifNoneExist == "identifier=s|w")
        #expect(bundle.entries[1].resource == nil)
        let slice = try #require(bundle.entries[0].resource)
        let bytes = Array(source.utf8)
        #expect(text(Array(bytes[slice.range])) == #"{"resourceType":"Patient","gender":"male"}"#)
        #expect(try Patient(decoding: bytes.span.bytes.extracting(slice.range)).gender == .male)
    }

    @Test func `a fault in one entry stays in that entry`() throws {
        let bundle = try bundle(
            #"""
            {"resourceType":"Bundle","type":"batch","entry":[
             {"request":{"method":"post","url":"Patient"}},
             {"request":{"method":"GET","url":"Patient/1"}},
             {"resource":[],"request":{"method":"GET","url":"x"}},
             7,
             {"request":{"method":"GET"}}]}
            """#
        )
        let verbs = "GET | HEAD | POST | PUT | DELETE | PATCH"
        #expect(
            bundle.entries.map { $0.fault.map { "\($0.expression): \($0.reason)" } } == [
                "Bundle.entry[0].request.method: the code is not one of \(verbs)", nil,
                "Bundle.entry[2].resource: expected an object, found an array",
                "Bundle.entry[3]: expected an object, found a number",
                "Bundle.entry[4].request: a request needs method and url",
            ]
        )
        #expect(bundle.entries[1].request?.method == .get)
    }

    @Test(arguments: [
        (#"{"resourceType":"Bundle"}"#, "Bundle: a Bundle needs its type"),
        (#"{"type":"batch"}"#, #"Bundle: a resource needs its resourceType, here "Bundle""#),
        (#"{"resourceType":"Bundle","type":"batch","entry":{}}"#, "Bundle.entry: expected an array, found an object"),
        (
            #"{"resourceType":"Bundle","type":"batch","entry":[{"resource":{]}]}"#,
            "Bundle.entry[0].resource: expected a name in quotes, found \"]\""
        ),
    ]) func `what is no bundle is refused`(source: String, told: String) {
        do throws(FHIRError) {
            _ = try bundle(source)
            Issue.record("accepted")
        } catch {
            #expect("\(error.expression): \(error.reason)" == told)
        }
    }

    @Test func `a bundle has a limit on its entries`() {
        let entries = Array(repeating: "{}", count: FHIRLimits.bundleEntries + 1).joined(separator: ",")
        #expect(throws: FHIRError.self) {
            try bundle(#"{"resourceType":"Bundle","type":"batch","entry":[\#(entries)]}"#)
        }
    }

    @Test func `a search set carries link, total, score and grade`() {
        var writer = BundleWriter(type: .searchset, total: 1)
        writer.link(relation: "self", url: "http://h/Patient?x=1&y=2")
        writer.append(
            fullURL: "http://h/Patient/1",
            resource: Array(#"{"resourceType":"Patient","id":"1"}"#.utf8),
            search: SearchResult(mode: .match, score: 0.975, grade: .certain)
        )
        let expected =
            #"{"resourceType":"Bundle","type":"searchset","total":1,"#
            + #""link":[{"relation":"self","url":"http://h/Patient?x=1&y=2"}],"#
            + #""entry":[{"fullUrl":"http://h/Patient/1","resource":{"resourceType":"Patient","id":"1"},"#
            + #""search":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/match-grade","valueCode":"certain"}],"#
            + #""mode":"match","score":0.975}}]}"#
        #expect(text(writer.finished()) == expected)
    }

    @Test func `an empty search set has no entry element`() {
        let writer = BundleWriter(type: .searchset, total: 0)
        #expect(text(writer.finished()) == #"{"resourceType":"Bundle","type":"searchset","total":0}"#)
    }

    @Test func `a batch response tells what became of each entry`() throws {
        var writer = BundleWriter(type: .batchResponse)
        writer.append(
            response: BundleResponse(status: "201 Created", location: "Patient/1/_history/1", etag: "W/\"1\"")
        )
        writer.append(
            response: BundleResponse(
                status: "400 Bad Request",
                outcome: OperationOutcome(.error, .value, "no such day")
            )
        )
        let bytes = writer.finished()
        let value = try JSONValue(parsing: bytes.span.bytes)
        #expect(value["entry"]?[0]?["response"]?["etag"]?.string == "W/\"1\"")
        #expect(value["entry"]?[1]?["response"]?["outcome"]?["issue"]?[0]?["code"]?.string == "value")
        #expect(try Bundle(decoding: bytes.span.bytes).entries.count == 2)
    }

    @Test func `a history tells what was asked for`() throws {
        var writer = BundleWriter(type: .history, id: "h", total: 1, timestamp: FHIRInstant(milliseconds: 0))
        writer.append(request: BundleRequest(method: .delete, url: "Patient/1"))
        let bytes = writer.finished()
        let bundle = try Bundle(decoding: bytes.span.bytes)
        #expect(bundle.type == .history)
        #expect(bundle.entries[0].request == BundleRequest(method: .delete, url: "Patient/1"))
    }
}
