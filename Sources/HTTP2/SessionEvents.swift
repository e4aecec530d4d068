/// What a session tells its owner while it reads and writes.
///
/// All calls come from inside `receive` or `drain`, on the caller's thread. The owner may submit, send, consume and
/// reset from within them, but must not call `receive` or `drain`.
public protocol SessionEvents: AnyObject {
    /// A request or a final response begins.
    func headReceived(_ head: MessageHead, stream: StreamState, isEnd: Bool)

    /// A request's header fields are above the limits; nothing else of it will be told except its close.
    func headTooLarge(stream: StreamState)

    /// A piece of a body, valid during the call; it counts against the windows until `consume` is called.
    func dataReceived(_ bytes: Span<UInt8>, stream: StreamState)

    /// A body is complete; not called when `isEnd` was true in `headReceived`.
    func bodyEnded(trailers: HeaderList, stream: StreamState)

    /// Bytes of a body given to `send` went towards the wire.
    func outputTaken(_ count: Int, stream: StreamState)

    /// The stream is over, whole (`noError`) or broken; it must not be used after the call.
    func streamClosed(_ stream: StreamState, code: HTTP2ErrorCode)

    /// The peer will accept no stream above the number.
    func goAwayReceived(lastStream: Int32, code: HTTP2ErrorCode)

    /// The peer answered a ping of ours.
    func pingAnswered()
}
