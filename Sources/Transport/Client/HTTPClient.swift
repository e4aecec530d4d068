internal import HTTP2
public import NIOCore
internal import OpenSSL
internal import Synchronization

/// A client of one HTTP/2 server: all requests share a few multiplexed connections.
///
/// They are made when first needed and made again after a loss.
///
///     let client = try HTTPClient(endpoint: Endpoint(host: "127.0.0.1", port: 8080), group: group)
///     let response = try await client.send(HTTPClientRequest(path: "/health/live"), deadline: .seconds(1))
///     await client.close()
public final class HTTPClient: Sendable {
    /// Where it connects to.
    public let endpoint: Endpoint
    private let configuration: HTTPClientConfiguration
    private let mailboxes: [CommandMailbox<ClientCommand>]
    private let ends: [EventLoopFuture<Void>]
    private let next = Atomic<Int>(0)
    private let authority: String

    /// A client; connects when the first request is sent.
    ///
    /// - Throws: `tls` when certificates or key do not load.
    public init(
        endpoint: Endpoint,
        configuration: HTTPClientConfiguration = HTTPClientConfiguration(),
        group: any EventLoopGroup
    ) throws(TransportError) {
        self.endpoint = endpoint
        self.configuration = configuration
        authority = endpoint.description
        let identity: TLSIdentity?
        do {
            identity = try endpoint.tls.map { settings throws(OpenSSLError) in
                try TLSIdentity(TLSSettings(settings))
            }
        } catch {
            throw TransportError(error)
        }
        let connector = ClientConnector(endpoint: endpoint, configuration: configuration, identity: identity)
        var mailboxes: [CommandMailbox<ClientCommand>] = []
        var ends: [EventLoopFuture<Void>] = []
        for _ in 0..<max(1, configuration.connections) {
            let eventLoop = group.next()
            let mailbox = CommandMailbox<ClientCommand>(eventLoop: eventLoop)
            mailboxes.append(mailbox)
            ends.append(
                eventLoop.flatSubmit {
                    let slot = ClientSlot(connector: connector, eventLoop: eventLoop)
                    mailbox.attach(slot)
                    return slot.whenClosed
                }
            )
        }
        self.mailboxes = mailboxes
        self.ends = ends
    }

    /// Sends a request and gathers its answer, whatever its status.
    ///
    /// A cancelled task and a passed deadline reset the stream, so that the server can stop working. A request that the
    /// server certainly did not act on (`REFUSED_STREAM`, or above the last stream of a GOAWAY) is sent again.
    ///
    /// - Parameters:
    ///   - request: what to send.
    ///   - deadline: from now; nil for the configuration's.
    /// - Returns: the whole answer.
    /// - Throws: `connectFailed`, `connectionLost`, `deadlineExceeded`, `cancelled`, `refused`, `streamReset`,
    ///   `limitExceeded`, `tls`, `closed`.
    public func send(
        _ request: HTTPClientRequest,
        deadline: Duration? = nil
    ) async throws(TransportError) -> HTTPResponse {
        let end = NIODeadline.now() + TimeAmount(deadline ?? configuration.defaultDeadline)
        var retries = 0
        while true {
            switch await attempt(request, deadline: end) {
            case .success(let response):
                return response
            case .failure(let error):
                let mayRetry = error.code == .refused && error.isSafeToRetry && retries < configuration.maxSafeRetries
                guard mayRetry, NIODeadline.now() < end else { throw error }
                retries += 1
            }
        }
    }

    private func attempt(
        _ request: HTTPClientRequest,
        deadline: NIODeadline
    ) async -> Result<HTTPResponse, TransportError> {
        let mailbox = pick()
        let promise = CallPromise()
        let call = ClientCall(
            head: head(of: request),
            body: request.body,
            deadline: deadline,
            answer: .gathered { promise.resolve($0) }
        )
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                promise.attach(continuation)
                mailbox.post(.submit(call))
            }
        } onCancel: {
            mailbox.post(.cancel(call, TransportError(.cancelled, "request")))
        }
    }

    /// Opens a request whose body is written and whose answer is read as they come.
    ///
    ///     let stream = client.open(HTTPClientRequest(method: "POST", path: "/bulk"))
    ///     try await stream.write(line)
    ///     stream.finish()
    ///     let head = try await stream.response()
    ///     for try await chunk in stream.body { ... }
    ///
    /// - Parameters:
    ///   - request: the head, and the beginning of the body.
    ///   - deadline: for the whole exchange, from now; nil for none.
    /// - Returns: the open exchange.
    public func open(_ request: HTTPClientRequest, deadline: Duration? = nil) -> HTTPClientStream {
        let mailbox = pick()
        let end = deadline.map { NIODeadline.now() + TimeAmount($0) } ?? .distantFuture
        let reference = CallReference()
        let body = HTTPBodyStream { count in
            if let call = reference.call { mailbox.post(.consumed(call, count)) }
        }
        let state = ClientStreamState(body: body, flow: OutboundFlow(bound: configuration.maxPendingOutputPerStream))
        let call = ClientCall(head: head(of: request), body: [], deadline: end, answer: .streamed(state))
        reference.call = call
        mailbox.post(.submit(call))
        let stream = HTTPClientStream(call: call, state: state, mailbox: mailbox)
        if !request.body.isEmpty { stream.start(with: request.body) }
        return stream
    }

    /// Lets open requests finish, fails those that wait, closes the connections; nothing can be sent afterwards.
    ///
    /// - Parameter timeout: what is still open then is cut off.
    public func close(timeout: Duration = .seconds(10)) async {
        let mailboxes = mailboxes
        for mailbox in mailboxes { mailbox.post(.close) }
        let deadline = mailboxes[0].eventLoop.scheduleTask(in: TimeAmount(timeout)) {
            for mailbox in mailboxes { mailbox.post(.abort) }
        }
        for end in ends { try? await end.get() }
        deadline.cancel()
    }

    deinit {
        for mailbox in mailboxes { mailbox.post(.close) }
    }

    private func pick() -> CommandMailbox<ClientCommand> {
        guard mailboxes.count > 1 else { return mailboxes[0] }
        // One of the caller's own loop needs no wake-up.
        if let near = mailboxes.first(where: { $0.eventLoop.inEventLoop }) { return near }
        let ticket = next.wrappingAdd(1, ordering: .relaxed).newValue
        return mailboxes[Int(UInt(bitPattern: ticket) % UInt(mailboxes.count))]
    }

    private func head(of request: HTTPClientRequest) -> MessageHead {
        MessageHead(
            method: request.method,
            path: request.path,
            authority: request.authority ?? authority,
            scheme: endpoint.tls == nil ? "http" : "https",
            fields: request.headers.list
        )
    }
}
