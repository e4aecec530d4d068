/// What callers ask of a client's connection.
enum ClientCommand: Sendable {
    /// Sends a request.
    case submit(ClientCall)
    /// Gives a request up.
    case cancel(ClientCall, TransportError)
    /// Adds to the body of a streamed request.
    case data(ClientCall, [UInt8])
    /// Ends the body of a streamed request.
    case end(ClientCall)
    /// Bytes of a streamed answer were taken.
    case consumed(ClientCall, Int)
    /// Finishes what is open, accepts nothing new.
    case close
    /// Ends what is still open.
    case abort
}
