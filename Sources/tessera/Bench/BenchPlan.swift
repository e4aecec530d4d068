internal import Demographics
internal import Identifiers
internal import LoadTest
internal import PatientMapping
internal import Transport

/// The requests of a load test, each computed from its number.
struct BenchPlan: Sendable {
    let scenario: Scenario
    let records: BenchRecords
    let seed: UInt64
    /// Part of the ids of new records.
    let run: String

    private let mapping = PatientMapping()

    private enum Kind { case ingest, match, lookup }

    init(_ scenario: Scenario, records: BenchRecords, seed: UInt64, run: String) {
        self.scenario = scenario
        self.records = records
        self.seed = seed
        self.run = run
    }

    /// The request of a number.
    func request(_ index: Int) -> HTTPClientRequest {
        var random = SeededRandom(seed: seed &+ UInt64(index) &* 0x9E37_79B9_7F4A_7C15)
        switch kind(index, &random) {
        case .ingest:
            let number = scenario == .mixed ? index / 5 : index
            return ingest(records.fresh(number, run: run))
        case .match: return match(records.known(&random))
        case .lookup: return lookup(records.known(&random))
        }
    }

    /// Half look-ups, three in ten matches, one in five new records, where they are mixed.
    private func kind(_ index: Int, _ random: inout SeededRandom) -> Kind {
        switch scenario {
        case .ingest: .ingest
        case .match: .match
        case .lookup: .lookup
        case .mixed: index % 5 == 0 ? .ingest : random.below(8) < 3 ? .match : .lookup
        }
    }

    private func ingest(_ record: SourceRecord) -> HTTPClientRequest {
        post("/fhir/Patient", mapping.encoded(record))
    }

    /// `$match` of FHIR R4: a Patient and how many answers are wanted.
    private func match(_ record: SourceRecord) -> HTTPClientRequest {
        var body = Array(#"{"resourceType":"Parameters","parameter":[{"name":"resource","resource":"#.utf8)
        body += mapping.encoded(record)
        body += Array(#"},{"name":"count","valueInteger":10}]}"#.utf8)
        return post("/fhir/Patient/$match", body)
    }

    private func lookup(_ record: SourceRecord) -> HTTPClientRequest {
        let token = "\(URLPart.encode(record.key.source))%7C\(URLPart.encode(record.key.value))"
        return HTTPClientRequest(
            path: "/fhir/Patient?identifier=\(token)",
            headers: ["accept": "application/fhir+json"]
        )
    }

    private func post(_ path: String, _ body: [UInt8]) -> HTTPClientRequest {
        let headers: HTTPFields = ["content-type": "application/fhir+json", "accept": "application/fhir+json"]
        return HTTPClientRequest(method: "POST", path: path, headers: headers, body: body)
    }
}
