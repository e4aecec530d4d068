/// How a request's body is taken.
public enum BodyMode: Sendable, Equatable {
    /// Gathered up to a number of bytes, then `respond(to:body:)` is called; a longer body is answered 413.
    case buffered(maxBytes: Int)
    /// Given chunk by chunk to `stream(head:body:writer:)` under flow control.
    case streamed
}

/// Answers requests with `async` functions: one task a request, cancelled when the client resets or goes away.
///
///     struct Hello: HTTPHandler {
///         func respond(to head: HTTPRequestHead, body: [UInt8]) async -> HTTPResponse {
///             .text(200, "hello \(head.path)\n")
///         }
///     }
public protocol HTTPHandler: Sendable {
    /// Decides per request head how the body is taken; called on the event loop, so it must not block.
    func bodyMode(for head: HTTPRequestHead) -> BodyMode

    /// Whether a request whose body has been gathered costs so little that its answer is made on the event loop.
    ///
    /// Whoever says so keeps all other requests of the loop waiting for as long as it computes.
    func isPrompt(_ head: HTTPRequestHead, bodyBytes: Int) -> Bool

    /// Answers a request whose body has been gathered.
    func respond(to head: HTTPRequestHead, body: [UInt8]) async -> HTTPResponse

    /// Answers a request whose body is read while it arrives, with a response written as it is made.
    ///
    /// The flow-control window opens only as chunks are taken from `body`; `writer.write` waits while the client does
    /// not read. A handler that returns without `writer.finish` has its stream reset.
    func stream(head: HTTPRequestHead, body: HTTPBodyStream, writer: HTTPResponseWriter) async
}

extension HTTPHandler {
    /// False.
    public func isPrompt(_ head: HTTPRequestHead, bodyBytes: Int) -> Bool { false }

    /// One MiB, gathered.
    public func bodyMode(for head: HTTPRequestHead) -> BodyMode {
        .buffered(maxBytes: 1 << 20)
    }

    /// Gathers up to 16 MiB and writes the answer of `respond(to:body:)`.
    public func stream(head: HTTPRequestHead, body: HTTPBodyStream, writer: HTTPResponseWriter) async {
        do throws(TransportError) {
            let bytes = try await body.collect(maxBytes: 16 << 20)
            try await writer.send(await respond(to: head, body: bytes))
        } catch {
            writer.abort()
        }
    }
}
