import Gateway
import Transport

/// A file on a web server, read in ranges as it is needed, so that a large one takes no room here and a connection that
/// breaks costs a piece.
///
/// From a server that knows no ranges the file is taken as a whole, up to a limit.
actor RangedFile: BulkFile {
    /// Bytes asked for at a time.
    static let piece = 8 << 20
    /// Longest file of a server that knows no ranges: it is held in memory.
    static let wholeMax = 256 << 20
    /// How long a piece may take.
    static let patience: Duration = .seconds(300)
    private static let attempts = 4

    private let client: HTTP1Client
    private let place: BulkFetcher.Place
    private var offset = 0
    private var isOver = false
    /// By what the server tells one version of the file from another.
    private var version = ""

    init(_ client: HTTP1Client, _ place: BulkFetcher.Place) {
        self.client = client
        self.place = place
    }

    func next() async throws(BulkSourceFault) -> [UInt8]? {
        guard !isOver else { return nil }
        let response = try await answer()
        switch response.status {
        case 206: return try take(response)
        case 200:
            guard offset == 0 else { throw BulkSourceFault("the file changed while it was read") }
            isOver = true
            return response.body
        case 416:
            // The end was where the last piece ended.
            isOver = true
            return nil
        default: throw BulkSourceFault("the file is not there (status \(response.status))")
        }
    }

    func close() async { await client.close() }

    private func take(_ response: HTTPResponse) throws(BulkSourceFault) -> [UInt8]? {
        let range = response.headers["content-range"] ?? ""
        guard range.hasPrefix("bytes \(offset)-"), !response.body.isEmpty else {
            throw BulkSourceFault("the server answers another range than was asked for")
        }
        if let tag = response.headers["etag"], !tag.hasPrefix("W/") {
            guard version.isEmpty || version == tag else { throw BulkSourceFault("the file changed while it was read") }
            version = tag
        }
        offset += response.body.count
        let total = range.split(separator: "/").last.flatMap { Int($0) }
        isOver = total.map { offset >= $0 } ?? (response.body.count < Self.piece)
        return response.body
    }

    private func answer() async throws(BulkSourceFault) -> HTTPResponse {
        var headers: HTTPFields = [
            "range": "bytes=\(offset)-\(offset + Self.piece - 1)", "accept": "application/fhir+ndjson, */*;q=0.5",
        ]
        if !version.isEmpty { headers.add("if-range", version) }
        let request = HTTPClientRequest(path: place.path, headers: headers, authority: place.authority)
        for attempt in 1... {
            do throws(TransportError) {
                let response = try await client.send(request)
                guard response.status >= 500, attempt < Self.attempts else { return response }
            } catch {
                if error.code == .limitExceeded {
                    throw BulkSourceFault("the file is too long for a server that knows no ranges")
                }
                guard attempt < Self.attempts, error.code != .tls else {
                    throw BulkSourceFault("the file cannot be fetched (\(error.code.rawValue))")
                }
            }
            try? await Task.sleep(for: .seconds(attempt))
        }
        throw BulkSourceFault("the file cannot be fetched")
    }
}
