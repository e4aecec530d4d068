internal import JSON
internal import Transport

/// Carries an export of OpenCR over: stores the records, then settles what the rules decide otherwise.
struct OpenCRMigration {
    /// What was done.
    struct Report: Sendable {
        var stored = 0
        var rejected = 0
        var refusals: [String] = []
        /// Pairs that OpenCR had linked and the rules alone would not.
        var linked = 0
        /// Pairs that OpenCR had broken.
        var broken = 0
        var goldens = 0
        /// Golden records without a record.
        var emptied = 0
        /// Records without an identifier of a named system.
        var nameless = 0

        var lines: [String] {
            var lines = [
                "\(Quantity.count(stored)) records stored, \(Quantity.count(rejected)) rejected",
                "\(Quantity.count(linked)) links kept that the rules alone would not make, "
                    + "\(Quantity.count(broken)) broken pairs kept apart",
                "\(Quantity.count(goldens)) golden identifiers go on naming their persons",
            ]
            if emptied > 0 { lines.append("\(Quantity.count(emptied)) golden records had no record left") }
            if nameless > 0 { lines.append("\(Quantity.count(nameless)) records have no identifier to be named by") }
            return lines + refusals.prefix(20).map { "rejected: \($0)" }
        }

        var json: JSONValue {
            .object([
                "stored": .number(JSONNumber(stored)), "rejected": .number(JSONNumber(rejected)),
                "linked": .number(JSONNumber(linked)), "broken": .number(JSONNumber(broken)),
                "goldens": .number(JSONNumber(goldens)), "emptied": .number(JSONNumber(emptied)),
                "nameless": .number(JSONNumber(nameless)),
                "refusals": .array(refusals.map { .string($0) }),
            ])
        }
    }

    /// Records of one request.
    private static let batch = 500

    let export: OpenCRExport
    let client: RegistryClient

    func run() async throws -> Report {
        var report = Report(emptied: export.emptied, nameless: export.nameless.count)
        report.rejected = export.nameless.count
        report.refusals = export.nameless.map { "Patient/\($0) has no identifier of a named system" }
        var stored: Set<String> = []
        for start in stride(from: 0, to: export.records.count, by: Self.batch) {
            let some = Array(export.records[start..<min(start + Self.batch, export.records.count)])
            try await store(some, &stored, &report)
        }
        let known = Dictionary(export.records.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        // Breaks first: what they part must not be joined for a moment.
        for pair in export.breaks.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            guard pair.count == 2, let one = known[pair[0]], let other = known[pair[1]], stored.contains(one.id),
                stored.contains(other.id)
            else { continue }
            try await decide("never", one, other)
            report.broken += 1
        }
        for person in export.persons {
            let members = person.records.filter { stored.contains($0.id) }
            guard let first = members.first else { continue }
            var home = try await golden(first)
            for other in members.dropFirst() where try await golden(other) != home {
                try await decide("link", first, other)
                report.linked += 1
                home = try await golden(first)
            }
        }
        let names = export.names.filter { stored.contains($0.record.id) }
        for start in stride(from: 0, to: names.count, by: Self.batch) {
            let some = names[start..<min(start + Self.batch, names.count)].map { name in
                JSONValue.object(["golden": .string(name.golden), "record": .string(Self.text(name.record))])
            }
            _ = try await post("/api/v1/former-goldens", .object(["former": .array(some)]))
            report.goldens += some.count
        }
        return report
    }

    private static func text(_ record: OpenCRExport.Record) -> String { "\(record.source)|\(record.value)" }

    private func store(
        _ records: [OpenCRExport.Record],
        _ stored: inout Set<String>,
        _ report: inout Report
    ) async throws {
        var body: [UInt8] = []
        for record in records { body += record.patient.serialised() + [0x0A] }
        let request = HTTPClientRequest(
            method: "POST",
            path: "/api/v1/load",
            headers: ["content-type": "application/fhir+ndjson"],
            body: body
        )
        let response = try await client.send(request)
        guard response.status == 200 else {
            throw RegistryClient.failure(client.url, request.path, response.status, response.body)
        }
        for line in response.body.split(separator: 0x0A) {
            let bytes = Array(line)
            let value = try JSONValue(parsing: bytes.span.bytes)
            guard let number = value["line"]?.integer, records.indices.contains(number - 1) else { continue }
            let record = records[number - 1]
            if let error = value["error"] {
                report.rejected += 1
                let place = error["field"]?.string ?? ""
                report.refusals.append("Patient/\(record.id): \(error["message"]?.string ?? "") \(place)")
            } else {
                report.stored += 1
                stored.insert(record.id)
            }
        }
    }

    private func golden(_ record: OpenCRExport.Record) async throws -> String {
        let path = "/api/v1/records/\(URLPart.encode(record.source))/\(URLPart.encode(record.value))"
        return try await client.json(path)["golden"]?.string ?? ""
    }

    private func decide(_ kind: String, _ one: OpenCRExport.Record, _ other: OpenCRExport.Record) async throws {
        _ = try await post(
            "/api/v1/decisions",
            .object([
                "kind": .string(kind), "a": .string(Self.text(one)), "b": .string(Self.text(other)),
                "by": .string("tessera migrate opencr"), "comment": .string("as OpenCR had it"),
            ])
        )
    }

    private func post(_ path: String, _ value: JSONValue) async throws -> JSONValue {
        let request = HTTPClientRequest(
            method: "POST",
            path: path,
            headers: ["content-type": "application/json"],
            body: value.serialised()
        )
        let response = try await client.send(request)
        guard (200..<300).contains(response.status) else {
            throw RegistryClient.failure(client.url, path, response.status, response.body)
        }
        return try JSONValue(parsing: response.body.span.bytes)
    }
}
