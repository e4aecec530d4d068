internal import Entrance
internal import FHIR
public import Transport

extension Gateway: HTTPHandler {
    /// Bulk loads are streamed, and so are bodies that may be too long, which are then refused in the door's words.
    public func bodyMode(for head: HTTPRequestHead) -> BodyMode {
        if isLoad(head) { return .streamed }
        let limit = bodyLimit(for: head)
        switch head.method {
        case "GET", "HEAD": return .buffered(maxBytes: limit)
        default:
            guard let length = head.headers.integer("content-length") else { return .streamed }
            return length <= limit ? .buffered(maxBytes: limit) : .streamed
        }
    }

    /// Whether a request is about one patient, as most are: to be looked up, matched or stored.
    public func isPrompt(_ head: HTTPRequestHead, bodyBytes: Int) -> Bool {
        guard bodyBytes <= Self.promptBytes, head.path.hasPrefix(Self.patients) else { return false }
        let rest = head.path.dropFirst(Self.patients.count)
        switch rest.first {
        case nil: return head.method == "POST"
        case "?": return head.method != "GET" || rest.hasPrefix("?identifier=")
        case "/":
            let name = rest.dropFirst().prefix { $0 != "?" }
            return !name.contains("/") && (!name.hasPrefix("$") || name == "$match" || name == "$ihe-pix")
        default: return false
        }
    }

    private static let patients = "/fhir/Patient"
    /// A body that is decoded in well under a millisecond.
    private static let promptBytes = 16 << 10

    /// Answers a request whose body has been gathered.
    public func respond(to head: HTTPRequestHead, body: [UInt8]) async -> HTTPResponse {
        await respond(to: head) { body }
    }

    /// Answers a bulk load line by line, or a body of unknown length.
    public func stream(head: HTTPRequestHead, body: HTTPBodyStream, writer: HTTPResponseWriter) async {
        if isLoad(head) {
            await load(head, body, writer)
            return
        }
        let limit = bodyLimit(for: head)
        let response = await respond(to: head) { () async throws(DoorFault) in try await gather(body, limit) }
        do throws(TransportError) {
            try await writer.send(response)
        } catch {
            writer.abort()
        }
    }

    /// Reads a body to its end, also past the limit: a client that is still sending would not see the answer.
    private func gather(_ body: HTTPBodyStream, _ limit: Int) async throws(DoorFault) -> [UInt8] {
        var bytes: [UInt8] = []
        var count = 0
        do throws(TransportError) {
            while count <= services.configuration.limits.discardedBytes, let chunk = try await body.next() {
                count += chunk.count
                if count <= limit { bytes.append(contentsOf: chunk) }
            }
        } catch {
            throw .invalid("the body broke off: \(error.code.rawValue)")
        }
        guard count <= limit else { throw DoorFault(413, .tooLong, "the body is longer than \(limit) bytes") }
        return bytes
    }

    private func respond(
        to head: HTTPRequestHead,
        gathering body: () async throws(DoorFault) -> [UInt8]
    ) async -> HTTPResponse {
        let answer: DoorAnswer
        do throws(DoorFault) {
            var request = try DoorRequest(head)
            request.body = try await body()
            answer = await self.answer(request)
        } catch {
            let isFHIR = head.path.hasPrefix("/fhir")
            answer = Gateway.answer(to: error, door: isFHIR ? .fhir : .native)
        }
        return HTTPResponse(answer, withoutBody: head.method == "HEAD")
    }

    private func load(_ head: HTTPRequestHead, _ body: HTTPBodyStream, _ writer: HTTPResponseWriter) async {
        do throws(TransportError) {
            let admitted: DoorRequest
            do throws(DoorFault) {
                var request = try DoorRequest(head)
                do throws(DoorFault) {
                    try admitLoad(&request)
                } catch {
                    let record = RequestRecord(route: LoadDoor.route, request: request, notes: nil)
                    throw await record.leave(error.status, error.detail, services) ?? error
                }
                admitted = request
            } catch {
                return try await writer.send(HTTPResponse(Gateway.answer(to: error, door: .native), withoutBody: false))
            }
            try writer.start(status: 200, headers: ["content-type": MediaType.ndjson])
            try await carryOutLoad(admitted, body, writer)
            try writer.finish()
        } catch {
            writer.abort()
        }
    }

    private func isLoad(_ head: HTTPRequestHead) -> Bool {
        head.method == "POST" && head.pathOnly == LoadDoor.path
    }

    private func bodyLimit(for head: HTTPRequestHead) -> Int {
        let path = head.pathOnly
        let limits = services.configuration.limits
        return path == "/fhir" || path == "/fhir/" || path == "/fhir/$import" || path == CSVUpload.path
            ? limits.bundleBytes : limits.resourceBytes
    }
}

extension DoorRequest {
    /// A request without its body.
    ///
    /// - Throws: a 400 where the target cannot be read.
    init(_ head: HTTPRequestHead) throws(DoorFault) {
        var headers = DoorFields()
        for (name, value) in head.headers { headers.add(name, value) }
        self.init(method: head.method, target: try RequestTarget(parsing: head.path), headers: headers)
        if !head.authority.isEmpty { origin = (head.peer.isEncrypted ? "https://" : "http://") + head.authority }
        credentials = Credentials(head.peer)
        credentials.authorization = headers["authorization"]
        credentials.breakGlass = headers["x-break-glass"]
        sentTarget = head.path
    }
}

extension HTTPResponse {
    init(_ answer: DoorAnswer, withoutBody: Bool) {
        var headers = HTTPFields()
        for field in answer.headers.fields { headers.add(field.name, field.value) }
        // What stands there is the length of what a GET would bring (RFC 9110, 8.6).
        if withoutBody, !answer.body.isEmpty { headers.add("content-length", String(answer.body.count)) }
        self.init(status: answer.status, headers: headers, body: withoutBody ? [] : answer.body)
    }
}
