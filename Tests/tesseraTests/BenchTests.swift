import ArgumentParser
import LoadTest
import Testing
import Transport

@testable import tessera

/// The requests of load tests.
@Suite("Load test requests")
struct BenchTests {
    private func plan(_ scenario: Scenario, _ arguments: [String] = []) throws -> BenchPlan {
        let options = try BenchOptions.parse(["--people", "300"] + arguments)
        return BenchPlan(scenario, records: try .read(options), seed: 7, run: "run")
    }

    private func text(_ request: HTTPClientRequest) -> String { String(decoding: request.body, as: UTF8.self) }

    @Test("Equal plans ask equal questions", arguments: Scenario.allCases)
    func repeatable(scenario: Scenario) throws {
        let (first, second) = (try plan(scenario), try plan(scenario))
        for index in 0..<50 {
            let (one, other) = (first.request(index), second.request(index))
            #expect(one.path == other.path)
            #expect(one.body == other.body)
        }
    }

    @Test("New records have ids that no other run gives, and no two the same")
    func fresh() throws {
        let plan = try plan(.ingest)
        let bodies = Set((0..<300).map { text(plan.request($0)) })
        #expect(bodies.count == 300)
        #expect(bodies.allSatisfy { $0.contains("\"run-r0") })
        #expect(plan.request(0).path == "/fhir/Patient")
    }

    @Test("New records are the rest of the population where only its beginning is loaded")
    func rest() throws {
        let plan = try plan(.ingest, ["--loaded", "100"])
        #expect(text(plan.request(0)).contains("\"r00000100\""))
    }

    @Test("Questions are about loaded records only")
    func known() throws {
        let plan = try plan(.lookup, ["--loaded", "10"])
        for index in 0..<100 { #expect(plan.request(index).path.contains("%7Cr0000000")) }
    }

    @Test("Mixed requests are half look-ups, three in ten matches, one in five new records")
    func mixture() throws {
        let plan = try plan(.mixed)
        let requests = (0..<2_000).map { plan.request($0) }
        #expect(requests.count { $0.path == "/fhir/Patient" } == 400)
        #expect((500...700).contains(requests.count { $0.path.hasSuffix("$match") }))
    }
}
