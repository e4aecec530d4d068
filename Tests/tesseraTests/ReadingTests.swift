import ArgumentParser
import Foundation
import JSON
import RecordFiles
import Testing
import Transport

@testable import tessera

/// The commands that read from a registry.
@Suite("Reading commands")
struct ReadingTests {
    private let folder: String
    private let options: ConnectionOptions

    init() throws {
        folder = NSTemporaryDirectory() + "tessera-read-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        options = try ConnectionOptions.parse([])
    }

    private func serve<Value>(
        _ pages: [(path: String, response: HTTPResponse)],
        _ work: (RegistryClient) async throws -> Value
    ) async throws -> Value {
        let registry = FakeRegistry()
        for page in pages { registry.answer(page.path, page.response) }
        return try await registry.serve { url in try await RegistryClient.with(url, options, work) }
    }

    private func page(_ text: String, next: String? = nil) -> HTTPResponse {
        var headers = HTTPFields()
        if let next { headers["link"] = "<\(next)>; rel=\"next\"" }
        return HTTPResponse(status: 200, headers: headers, body: Array(text.utf8))
    }

    @Test("Links are written page by page into one file")
    func links() async throws {
        let pages = [
            ("/api/v1/links?limit=10000", page("source,record_id,golden_id\na,1,G\n", next: "/api/v1/links?after=x")),
            ("/api/v1/links?after=x", page("a,\"2\n3\",G\n")),
        ]
        let rows = try await serve(pages) { try await LinksExport(client: $0).write(to: folder + "/links.csv") }
        #expect(rows == 2)
        let text = try String(contentsOfFile: folder + "/links.csv", encoding: .utf8)
        #expect(text == "source,record_id,golden_id\na,1,G\na,\"2\n3\",G\n")
    }

    @Test("A walk that breaks off leaves no file behind")
    func broken() async throws {
        let pages = [("/api/v1/links?limit=10000", page("source,record_id,golden_id\n", next: "/api/v1/links?gone"))]
        await #expect(throws: CommandFailure.self) {
            try await serve(pages) { try await LinksExport(client: $0).write(to: folder + "/links.csv") }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }

    @Test("Patients are written a line each, those removed meanwhile left out")
    func patients() async throws {
        let pages = [
            (
                "/api/v1/links?limit=1000",
                page(#"{"links":[{"fhirId":"A"},{"fhirId":"B"},{"fhirId":"C"}]}"#)
            ),
            ("/fhir/Patient/A", page("{\n\"a\": 1}")),
            ("/fhir/Patient/B", HTTPResponse(status: 410)),
            ("/fhir/Patient/C", page("{}")),
        ]
        let path = folder + "/patients.ndjson"
        let count = try await serve(pages) { try await PatientsExport(client: $0).write(to: path) }
        #expect(count == 2)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "{\"a\": 1}\n{}\n")
    }

    @Test("What a server says of an error is told in one line")
    func errors() async throws {
        let body = Array(#"{"title":"Bad","detail":"there is no\nsuch record","field":"a"}"#.utf8)
        await #expect {
            try await serve([("/x?y=1", HTTPResponse(status: 404, body: body))]) { try await $0.get("/x?y=1") }
        } throws: { error in
            "\(error)".hasSuffix("/x answered 404: there is no such record (a)")
        }
    }

    @Test("The status of a cluster names what is wrong")
    func status() throws {
        let text = """
            {"leading":false,"reason":"recovering","epoch":3,"through":12000,"rules":"ab","inFlight":0,"shards":[
            {"id":"1","slots":2048,"up":true,"rows":{"home":5000,"golden":2500},"postings":40000,"logBytes":1048576,
            "stateBytes":2097152,"diskFreeBytes":1073741824,"recoveryMilliseconds":120},
            {"id":"2","slots":2048,"up":false,"error":"does not answer: connection refused"}]}
            """
        let status = try JSONValue(parsing: text)
        #expect(!ClusterStatusCommand.isWell(status))
        let lines = ClusterStatusCommand.lines(status, try ServerURL(parsing: "http://h:1"))
        #expect(lines.first == "http://h:1 takes no writes: recovering")
        #expect(lines.contains { $0.hasPrefix("1      up") && $0.contains("5,000") && $0.contains("1.0 MiB") })
        #expect(lines.last == "shard 2 does not answer: connection refused")
    }
}
