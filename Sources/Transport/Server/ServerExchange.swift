internal import NIOCore

/// One request and its answer on the server, whatever the protocol below; lives on the connection's event loop.
final class ServerExchange {
    /// What becomes of the bytes of a request's body.
    enum Intake {
        /// Gathered for a handler that wants it whole.
        case gathering(limit: Int)
        /// Passed on as it arrives.
        case streaming(HTTPBodyStream)
        /// Thrown away: the answer is already decided.
        case discarding
        /// Complete.
        case complete
    }

    /// What to do after bytes were received.
    enum Receipt {
        /// They are dealt with: their window may open.
        case taken
        /// A reader will take them.
        case held
        /// The body is longer than its handler allows.
        case tooLarge
    }

    let head: HTTPRequestHead
    let handle: StreamHandle
    private(set) var intake = Intake.discarding
    private(set) var body: [UInt8] = []
    private(set) var flow: OutboundFlow?
    private var task: Task<Void, Never>?
    /// Whether an answer has been begun.
    var isAnswered = false
    /// Whether the answer has been given whole.
    var isFinished = false
    /// When the request last made progress.
    var lastInput: NIODeadline
    /// When the client last took bytes of the answer.
    var lastOutput: NIODeadline

    init(head: HTTPRequestHead, handle: StreamHandle, now: NIODeadline) {
        self.head = head
        self.handle = handle
        lastInput = now
        lastOutput = now
    }

    /// Whether the body is not complete yet.
    var isReceiving: Bool {
        if case .complete = intake { false } else { true }
    }

    /// Bytes gathered so far.
    var gatheredBytes: Int { body.count }

    /// Starts the exchange; false when the announced body is longer than its handler allows.
    func begin(_ application: HTTPApplication, isEnd: Bool, limits: HTTPLimits) -> Bool {
        let limit: Int
        switch application {
        case .inline(let handler):
            limit = handler.maxBodyBytes(for: head)
        case .async(let handler):
            switch handler.bodyMode(for: head) {
            case .buffered(let maxBytes): limit = maxBytes
            case .streamed:
                startStream(handler, isEnd: isEnd, limits: limits)
                return true
            }
        }
        let announced = head.headers.integer("content-length") ?? 0
        guard announced <= limit else { return false }
        intake = .gathering(limit: limit)
        if isEnd {
            dispatch(application)
        } else if announced > 0 {
            // Trust an announcement only so far: memory is taken when bytes arrive.
            body.reserveCapacity(min(announced, 64 << 10))
        }
        return true
    }

    private func startStream(_ handler: any HTTPHandler, isEnd: Bool, limits: HTTPLimits) {
        let handle = handle
        let stream = HTTPBodyStream { handle.post(.consumed($0)) }
        let flow = OutboundFlow(bound: limits.maxPendingOutputPerStream)
        let writer = HTTPResponseWriter(handle: handle, flow: flow)
        self.flow = flow
        intake = isEnd ? .complete : .streaming(stream)
        if isEnd { stream.finish(.success(())) }
        let head = head
        task = Task {
            await handler.stream(head: head, body: stream, writer: writer)
            writer.abort()
        }
    }

    /// Takes bytes of the body.
    func receive(_ bytes: borrowing Span<UInt8>, now: NIODeadline) -> Receipt {
        lastInput = now
        switch intake {
        case .gathering(let limit):
            guard body.count + bytes.count <= limit else { return .tooLarge }
            bytes.withUnsafeBufferPointer { body.append(contentsOf: $0) }
            return .taken
        case .streaming(let stream):
            stream.push(bytes)
            return .held
        case .discarding, .complete:
            return .taken
        }
    }

    /// Notes the end of the body and has a gathered one answered.
    func endBody(_ application: HTTPApplication, trailers: HTTPFields) {
        switch intake {
        case .gathering: dispatch(application)
        case .streaming(let stream):
            intake = .complete
            stream.finish(.success(()), trailers: trailers)
        case .discarding, .complete: intake = .complete
        }
    }

    private func dispatch(_ application: HTTPApplication) {
        intake = .complete
        var whole: [UInt8] = []
        swap(&whole, &body)
        switch application {
        case .inline(let handler):
            handler.respond(to: head, body: whole, reply: HTTPReply(handle: handle))
        case .async(let handler):
            let head = head
            let handle = handle
            let body = whole
            let isPrompt = handler.isPrompt(head, bodyBytes: body.count)
            task = Task(executorPreference: isPrompt ? handle.mailbox.executor : nil) {
                handle.post(.respond(await handler.respond(to: head, body: body)))
            }
        }
    }

    /// The wire answers in the handler's place: what still arrives is thrown away.
    func discard() {
        if isReceiving { intake = .discarding }
        body = []
    }

    /// The exchange is over; whoever still works on it is told why.
    func close(_ error: TransportError) {
        if case .streaming(let stream) = intake { stream.finish(.failure(error)) }
        flow?.fail(error)
        if !isFinished { task?.cancel() }
        task = nil
        discard()
    }
}
