import LoadTest
import Testing

@Suite struct ScenarioTests {
    let population = PopulationGenerator(people: 900, seed: 1)

    @Test func newRecordsAreSentInOrderAndOnce() {
        let plan = ScenarioPlan(.ingest, population: population, loaded: 200, seed: 1)
        for index in 0..<1_000 { #expect(plan.step(index) == .ingest(population[200 + index])) }
        #expect(plan.step(1_000) == plan.step(0))
    }

    @Test(arguments: [Scenario.match, .lookup])
    func questionsAreAboutLoadedRecords(scenario: Scenario) {
        let plan = ScenarioPlan(scenario, population: population, loaded: 50, seed: 1)
        let known = Set(population[0..<50].map(\.recordID))
        var asked: Set<String> = []
        for index in 0..<500 {
            switch plan.step(index) {
            case .match(let record), .lookup(let record):
                #expect(known.contains(record.recordID))
                asked.insert(record.recordID)
            case .ingest: Issue.record("a question was expected")
            }
            #expect(plan.step(index) == plan.step(index))
        }
        #expect(asked.count == 50)
    }

    @Test func aMixIsMixedAsItSays() {
        let plan = ScenarioPlan(.mixed, population: population, loaded: 600, seed: 9)
        var counts = (ingest: 0, match: 0, lookup: 0)
        for index in 0..<2_000 {
            switch plan.step(index) {
            case .ingest: counts.ingest += 1
            case .match: counts.match += 1
            case .lookup: counts.lookup += 1
            }
        }
        #expect(counts.ingest == 400)
        #expect((520...680).contains(counts.match))
        #expect((920...1_080).contains(counts.lookup))
    }

    @Test func requestsAreThoseOfTheContract() throws {
        let builder = BenchRequestBuilder { record in Array("{\"id\":\"\(record.recordID)\"}".utf8) }
        var record = SyntheticRecord()
        record.source = "urn:a b|ü"
        record.recordID = "r1"
        let create = try builder.request(for: .ingest(record))
        #expect(create.method == "POST")
        #expect(create.path == "/fhir/Patient")
        #expect(create.headers == [.init("content-type", "application/fhir+json")])
        #expect(create.body == Array(#"{"id":"r1"}"#.utf8))
        let match = try builder.request(for: .match(record))
        #expect(match.path == "/fhir/Patient/$match")
        #expect(
            String(decoding: match.body, as: UTF8.self) == """
                {"resourceType":"Parameters","parameter":[{"name":"resource","resource":{"id":"r1"}},\
                {"name":"count","valueInteger":10}]}
                """
        )
        let lookup = try builder.request(for: .lookup(record))
        #expect(lookup.method == "GET")
        #expect(lookup.path == "/fhir/Patient?identifier=urn%3Aa%20b%7C%C3%BC%7Cr1")
        #expect(lookup.body.isEmpty)
    }
}
