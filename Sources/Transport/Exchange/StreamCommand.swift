internal import HTTP2

/// What the outside of an event loop asks of one stream; carried to the loop by `CommandMailbox`.
enum StreamCommand: Sendable {
    /// A whole answer.
    case respond(HTTPResponse)
    /// The head of an answer whose body follows.
    case head(HTTPResponseHead)
    /// A piece of a body.
    case data([UInt8])
    /// The end of a body.
    case end
    /// Bytes of a received body were taken: their window may open again.
    case consumed(Int)
    /// The stream is given up.
    case reset(HTTP2ErrorCode)
    /// A new request of this client; the stream number is ignored.
    case submit(ClientCall)
    /// A request that the caller no longer waits for.
    case cancel(ClientCall)
}
