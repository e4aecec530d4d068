internal import Demographics
internal import Identifiers
internal import LoadTest
internal import PatientMapping
internal import Transport

/// The requests of a load test, each computed from its numbers.
struct BenchRequests: Sendable {
    private let target: BenchTarget
    private let records: BenchRecords
    private let seed: UInt64
    /// Records of a train.
    private let batch: Int
    /// Part of the ids of new records.
    private let run: String
    private let mapping = PatientMapping()

    private static let json: HTTPFields = [
        "content-type": "application/fhir+json", "accept": "application/fhir+json",
    ]
    private static let lines: HTTPFields = ["content-type": "application/x-ndjson", "accept": "application/x-ndjson"]

    /// The requests to a target about records.
    init(_ target: BenchTarget, records: BenchRecords, seed: UInt64, batch: Int = 100, run: String) {
        self.target = target
        self.records = records
        self.seed = seed
        self.batch = batch
        self.run = run
    }

    /// A request, where the registry holds so many records of those that are asked for.
    func request(_ request: LoadRequest, held: Int) -> HTTPClientRequest {
        var random = SeededRandom(seed: seed &+ UInt64(request.index) &* 0x9E37_79B9_7F4A_7C15)
        switch request.kind {
        case .ingest: return ingest(records.fresh(request.ordinal, run: run))
        case .match: return match(records.known(&random, of: held))
        case .lookup: return get("\(target.base)/Patient?identifier=\(token(records.known(&random, of: held)))")
        case .pixm:
            let source = token(records.known(&random, of: held))
            return get("\(target.base)/Patient/$ihe-pix?sourceIdentifier=\(source)")
        case .record:
            let key = records.known(&random, of: held).key
            return get("/api/v1/records/\(URLPart.encode(key.source))/\(URLPart.encode(key.value))")
        case .bulk:
            let first = request.ordinal * batch
            return train((first..<first + batch).map { records.fresh($0, run: run) })
        }
    }

    /// The request that fills a registry with records of the population, in a train or alone.
    func fill(_ positions: Range<Int>) -> HTTPClientRequest {
        let chosen = positions.map { records.record($0) }
        return target.isTessera ? train(chosen) : ingest(chosen[0])
    }

    /// Records that one answered request added: those of a train by its lines, else one.
    ///
    /// - Throws: what the server says against it.
    static func records(_ kind: RequestKind, _ response: HTTPResponse) throws(LoadFailure) -> Int {
        guard response.status < 400 else {
            throw LoadFailure("status \(response.status)" + (ProblemWords.read(response.body).map { ": \($0)" } ?? ""))
        }
        guard kind == .bulk else { return kind.adds ? 1 : 0 }
        var stored = 0
        for line in response.body.split(separator: 0x0A) {
            let text = String(decoding: line, as: UTF8.self)
            if let words = text.firstRange(of: #""error":"#) {
                throw LoadFailure("a line was refused: \(text[words.lowerBound...].prefix(160))")
            }
            stored += 1
        }
        return stored
    }

    private func ingest(_ record: SourceRecord) -> HTTPClientRequest {
        post("\(target.base)/Patient", mapping.encoded(record))
    }

    /// `$match` of FHIR R4: a Patient and how many answers are wanted.
    private func match(_ record: SourceRecord) -> HTTPClientRequest {
        var body = Array(#"{"resourceType":"Parameters","parameter":[{"name":"resource","resource":"#.utf8)
        body += mapping.encoded(record)
        body += Array(#"},{"name":"count","valueInteger":10}]}"#.utf8)
        return post("\(target.base)/Patient/$match", body)
    }

    private func train(_ records: [SourceRecord]) -> HTTPClientRequest {
        var body: [UInt8] = []
        for record in records {
            body += mapping.encoded(record)
            body.append(0x0A)
        }
        return HTTPClientRequest(method: "POST", path: "/api/v1/load", headers: Self.lines, body: body)
    }

    /// An identifier as a search has it: system|value.
    private func token(_ record: SourceRecord) -> String {
        "\(URLPart.encode(record.key.source))%7C\(URLPart.encode(record.key.value))"
    }

    private func get(_ path: String) -> HTTPClientRequest {
        HTTPClientRequest(
            path: path,
            headers: ["accept": path.hasPrefix("/api/") ? "application/json" : "application/fhir+json"]
        )
    }

    private func post(_ path: String, _ body: [UInt8]) -> HTTPClientRequest {
        HTTPClientRequest(method: "POST", path: path, headers: Self.json, body: body)
    }
}
