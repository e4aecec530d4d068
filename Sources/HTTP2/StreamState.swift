/// One stream of a session: what has been read of its message and what waits to be written.
public final class StreamState {
    /// The number on the wire.
    public let id: Int32
    /// What the owner keeps with the stream.
    public var context: AnyObject?

    var head = MessageHead()
    var trailers = HeaderList()
    var headerCount = 0
    var headerBytes = 0
    var isHeadComplete = false
    var isHeadTooLarge = false

    var output = OutputQueue()
    var isOutputFinished = false
    var isDeferred = false
    var isSubmitted = false

    /// Received bytes of the body whose window has not been given back.
    public internal(set) var unconsumed = 0

    init(id: Int32) {
        self.id = id
    }

    /// Bytes of its body not yet given to the wire.
    public var pendingOutput: Int { output.count }

    /// Whether an answer or a request has been submitted on it.
    public var hasSubmitted: Bool { isSubmitted }

    /// Whether its own message has gone to the wire whole.
    public var isOutputComplete: Bool { isSubmitted && isOutputFinished && output.count == 0 }

    func beginHeaders() {
        headerCount = 0
        headerBytes = 0
    }
}
