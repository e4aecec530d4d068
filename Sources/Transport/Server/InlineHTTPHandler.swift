/// Answers requests on the event loop that read them: no task, no thread hop, for the shard's hot path.
///
///     struct Echo: InlineHTTPHandler {
///         func respond(to head: HTTPRequestHead, body: [UInt8], reply: HTTPReply) {
///             reply.send(HTTPResponse(status: 200, body: body))
///         }
///     }
public protocol InlineHTTPHandler: Sendable {
    /// The most bytes a request body may have; a longer one is answered 413. Called on the event loop.
    func maxBodyBytes(for head: HTTPRequestHead) -> Int

    /// Answers a request whose body has been gathered; called on the event loop, so it must not block.
    ///
    /// `reply.send` may be called at once, or later from any thread; it must be called exactly once.
    func respond(to head: HTTPRequestHead, body: [UInt8], reply: HTTPReply)
}

extension InlineHTTPHandler {
    /// Sixteen MiB.
    public func maxBodyBytes(for head: HTTPRequestHead) -> Int { 16 << 20 }
}
