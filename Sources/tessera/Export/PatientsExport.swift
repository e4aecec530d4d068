internal import JSON
internal import Transport

/// Writes every live record as a FHIR Patient, a line each, in the order of the links.
struct PatientsExport {
    let client: RegistryClient

    /// Rows of a page of links, read as one round of requests.
    private static let pageRows = 1_000
    /// Requests under way at one time: enough to hide their latency, few enough for others to be served.
    private static let requestsInFlight = 32

    /// Writes the file.
    ///
    /// - Returns: the number of patients; records removed in the meantime are not among them.
    func write(to path: String) async throws -> Int {
        var file = try OutputFile(path: path)
        let count = try await each { try file.write($0) }
        try file.finish()
        return count
    }

    /// Reads every live record, a line each.
    ///
    /// - Returns: the number of patients; records removed in the meantime are not among them.
    func each(_ body: ([UInt8]) throws -> Void) async throws -> Int {
        var pages = LinksPages(client, accept: "application/json", rows: Self.pageRows)
        var count = 0
        while let page = try await pages.page() {
            for line in try await patients(of: try ids(in: page)) {
                guard let line else { continue }
                try body(line)
                count += 1
            }
        }
        return count
    }

    private func ids(in page: [UInt8]) throws -> [String] {
        guard let links = try? JSONValue(parsing: page.span.bytes)["links"]?.array else {
            throw CommandFailure("\(client.url)/api/v1/links answered no list of links: is this a Tessera server?")
        }
        return links.compactMap { $0["fhirId"]?.string }
    }

    /// The patients of some ids, in their order; `nil` where one is gone.
    private func patients(of ids: [String]) async throws -> [[UInt8]?] {
        try await withThrowingTaskGroup(of: (Int, [UInt8]?).self) { group in
            var lines = [[UInt8]?](repeating: nil, count: ids.count)
            var next = 0
            while next < min(ids.count, Self.requestsInFlight) {
                add(ids[next], at: next, to: &group)
                next += 1
            }
            while let (index, line) = try await group.next() {
                lines[index] = line
                guard next < ids.count else { continue }
                add(ids[next], at: next, to: &group)
                next += 1
            }
            return lines
        }
    }

    private func add(_ id: String, at index: Int, to group: inout ThrowingTaskGroup<(Int, [UInt8]?), any Error>) {
        group.addTask { [client] in
            let path = "/fhir/Patient/\(URLPart.encode(id))"
            let request = HTTPClientRequest(path: path, headers: ["accept": "application/fhir+json"])
            let response = try await client.send(request)
            switch response.status {
            case 200: return (index, Self.line(response.body))
            case 404, 410: return (index, nil)
            default: throw RegistryClient.failure(client.url, path, response.status, response.body)
            }
        }
    }

    /// A JSON text on one line: its strings hold no line ends, so every one is white space.
    private static func line(_ body: [UInt8]) -> [UInt8] {
        var line = body.filter { $0 != 0x0A && $0 != 0x0D }
        line.append(0x0A)
        return line
    }
}
