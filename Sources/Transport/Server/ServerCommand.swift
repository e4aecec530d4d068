/// What the outside of an event loop asks of one stream of a server's connection.
struct ServerCommand: Sendable {
    enum Action: Sendable {
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
        /// The answer is given up.
        case abort
    }

    let stream: Int32
    let action: Action
}
