import Foundation
import LoadTest
import Testing

@testable import tessera

/// Scenarios as files say them.
@Suite("Scenario files")
struct ScenarioFileTests {
    private func read(_ text: String) throws -> BenchScenario {
        let path = FileManager.default.temporaryDirectory.appending(path: "scenario-\(UUID()).yaml").path()
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try ScenarioFile.read(path: path)
    }

    @Test("A scenario says what is sent and when")
    func whole() throws {
        let scenario = try read(
            """
            version: 1
            name: morning
            seed: 5
            population: {people: 2000, seed: 9, duplicates: 100}
            loaded: 500
            connections: 3
            outstanding: 77
            batch: 50
            phases:
              - {name: warm, seconds: 2.5, rate: 10, counted: false, requests: {match: 1}}
              - {name: crowd, seconds: 20, rate: 10, arrivals: poisson, bursts: {rate: 90, seconds: 1, every: 10},
                 requests: {lookup: 5, ingest: 2}}
              - {name: more, seconds: 10, rate: 0, to: 100, requests: {pixm: 1}}
              - {name: flat out, seconds: 3, concurrency: 64, requests: {record: 1, bulk: 1}}
            """
        )
        #expect(scenario.name == "morning")
        #expect(scenario.seed == 5)
        #expect(scenario.population.people == 2_000)
        #expect(scenario.population.duplicates == 100)
        #expect((scenario.loaded, scenario.connections, scenario.outstanding, scenario.batch) == (500, 3, 77, 50))
        let crowd = RateProfile.bursts(of: 90, for: 1, every: 10, over: 10, seconds: 20)
        #expect(
            scenario.phases.map(\.pace) == [
                .open(.constant(10, seconds: 2.5), .steady), .open(crowd, .poisson),
                .open(.ramp(from: 0, to: 100, seconds: 10), .steady), .closed(concurrency: 64, .seconds(3)),
            ]
        )
        #expect(scenario.phases.map(\.isCounted) == [false, true, true, true])
        #expect(scenario.kinds == [.match, .lookup, .ingest, .pixm, .record, .bulk])
    }

    @Test("JSON is read too, and a growing registry has its phases at every size")
    func growth() throws {
        let scenario = try read(
            """
            {"version": 1, "population": {"people": 5000}, "loaded": 100,
             "growth": {"sizes": [1000, 4000], "batch": 200},
             "phases": [{"name": "ask", "rate": 5, "seconds": 1, "requests": {"match": 1}}]}
            """
        )
        let rounds = scenario.rounds()
        #expect(rounds.map(\.fill) == [100..<1_000, 1_000..<4_000])
        #expect(rounds.map { $0.phases.map(\.name) } == [["ask at 1,000"], ["ask at 4,000"]])
        #expect(scenario.growth?.batch == 200)
        #expect(scenario.growth?.concurrency == 8)
    }

    @Test("All faults are told at once, with what would be right")
    func faults() {
        let text = """
            version: 1
            connections: 0
            speed: 3
            phases:
              - {name: a, requests: {match: 1}}
              - {name: b, rate: 1, arrivals: sometimes, requests: {dance: 1}}
              - {name: c, rate: 1, seconds: 0, bursts: {seconds: 20}, requests: {match: 0}}
            growth: {sizes: [5, 5]}
            """
        let words = (#expect(throws: ConfigurationFile.Faults.self) { try read(text) })?.description ?? ""
        for word in [
            "`connections` takes 1 to 256", "`speed` is not known", "`phases[0].rate` or `concurrency` is needed",
            "`phases[1].arrivals` takes steady or poisson", "`phases[1].requests.dance` is not known",
            "`phases[2].seconds` takes 0.001", "`phases[2].bursts.rate` is needed", "`growth.sizes` needs rising",
        ] {
            #expect(words.contains(word), "\(word) in \(words)")
        }
        #expect(throws: ConfigurationFile.Faults.self) { try read("version: 2\nphases: []\n") }
    }

    @Test("The examples can be read, each of another kind")
    func examples() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Benchmarks/Scenarios")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path()).filter { $0.hasSuffix(".yaml") }
        #expect(files.count >= 6)
        var kinds: Set<RequestKind> = []
        for file in files {
            let scenario = try ScenarioFile.read(path: folder.appending(path: file).path())
            kinds.formUnion(scenario.kinds)
            let counted = scenario.phases.filter(\.isCounted)
            #expect(!counted.isEmpty)
        }
        #expect(kinds == Set(RequestKind.allCases))
    }
}
