import ArgumentParser
import LoadTest
import Testing
import Transport

@testable import tessera

/// The requests of load tests.
@Suite("Load test requests")
struct BenchTests {
    private func requests(
        _ arguments: [String] = [],
        to url: String = "http://127.0.0.1:8080"
    ) throws -> (make: BenchRequests, held: Int) {
        let options = try BenchOptions.parse(["--people", "300"] + arguments)
        let records = try BenchRecords.read(options.scenario("test", RequestMix(.match), standardRate: 1))
        let target = try BenchTarget(parsing: url)
        return (BenchRequests(target, records: records, seed: 7, batch: 20, run: "run"), records.loaded)
    }

    private func request(_ kind: RequestKind, _ number: Int, _ arguments: [String] = []) throws -> HTTPClientRequest {
        let requests = try requests(arguments)
        return requests.make.request(LoadRequest(index: number, kind: kind, ordinal: number), held: requests.held)
    }

    private func text(_ request: HTTPClientRequest) -> String { String(decoding: request.body, as: UTF8.self) }

    @Test("Equal plans ask equal questions", arguments: RequestKind.allCases)
    func repeatable(kind: RequestKind) throws {
        let (first, second) = (try requests(), try requests())
        for index in 0..<20 {
            let number = LoadRequest(index: index, kind: kind, ordinal: index)
            let one = first.make.request(number, held: first.held)
            let other = second.make.request(number, held: second.held)
            #expect(one.path == other.path)
            #expect(one.body == other.body)
        }
    }

    @Test("New records have ids that no other run gives, and no two the same")
    func fresh() throws {
        let requests = try requests()
        let bodies = (0..<300).map { number in
            text(requests.make.request(LoadRequest(index: 0, kind: .ingest, ordinal: number), held: 1))
        }
        #expect(Set(bodies).count == 300)
        #expect(bodies.allSatisfy { $0.contains("\"run-r0") })
        #expect(try request(.ingest, 0).path == "/fhir/Patient")
    }

    @Test("New records are the rest of the population where only its beginning is loaded")
    func rest() throws {
        #expect(text(try request(.ingest, 0, ["--loaded", "100"])).contains("\"r00000100\""))
    }

    @Test("Questions are about loaded records only", arguments: [RequestKind.lookup, .pixm])
    func known(kind: RequestKind) throws {
        let requests = try requests(["--loaded", "10"])
        for index in 0..<100 {
            let number = LoadRequest(index: index, kind: kind, ordinal: index)
            let path = requests.make.request(number, held: requests.held).path
            #expect(path.contains("%7Cr0000000"))
        }
    }

    @Test("A train carries its records a line each, and the next train others")
    func trains() throws {
        let (first, second) = (text(try request(.bulk, 0)), text(try request(.bulk, 1)))
        #expect(first.split(separator: "\n").count == 20)
        #expect(Set(first.split(separator: "\n")).isDisjoint(with: Set(second.split(separator: "\n"))))
    }

    @Test("The base of another FHIR server is kept, a Tessera is asked below /fhir")
    func targets() throws {
        let other = try requests(to: "http://hapi.example:8080/hapi/fhir/").make
        let number = LoadRequest(index: 0, kind: .match, ordinal: 0)
        #expect(other.request(number, held: 300).path == "/hapi/fhir/Patient/$match")
        let target = try BenchTarget(parsing: "https://registry.example/fhir")
        #expect(target.server.port == 443)
        #expect(!target.isTessera)
        #expect(try BenchTarget(parsing: "http://[::1]:8080/").isTessera)
        #expect(throws: ValidationError.self) { try BenchTarget(parsing: "http://a/fhir?x=1") }
        #expect(throws: ValidationError.self) { try BenchTarget(parsing: "ftp://a") }
    }

    @Test("An answer that says no is a failure in the server's words; a train with a refused line is one too")
    func answers() throws {
        let problem = HTTPResponse(status: 422, body: Array(#"{"detail":"no birth date"}"#.utf8))
        #expect(throws: LoadFailure("status 422: no birth date")) { try BenchRequests.records(.ingest, problem) }
        let good = #"{"line":1,"golden":"G"}"# + "\n"
        let answer = HTTPResponse(status: 200, body: Array((good + good).utf8))
        #expect(try BenchRequests.records(.bulk, answer) == 2)
        #expect(try BenchRequests.records(.match, answer) == 0)
        let refused = HTTPResponse(status: 200, body: Array((good + #"{"line":2,"error":{"code":"value"}}"#).utf8))
        #expect(throws: LoadFailure.self) { try BenchRequests.records(.bulk, refused) }
    }
}
