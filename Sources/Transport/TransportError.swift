/// What went wrong between two ends of a wire.
public struct TransportError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds of failure a caller can act on.
    public enum Code: String, Sendable {
        /// No connection could be made.
        case connectFailed
        /// The connection ended before the answer did.
        case connectionLost
        /// The other end said that it did nothing with the request.
        case refused
        /// The deadline passed first.
        case deadlineExceeded
        /// The caller's task was cancelled.
        case cancelled
        /// The other end reset the stream.
        case streamReset
        /// A limit of this end was reached: queue, body, header or time.
        case limitExceeded
        /// Certificates or keys are wrong, or the handshake failed.
        case tls
        /// The other end broke the protocol.
        case protocolViolation
        /// The client or server has been closed.
        case closed
    }

    /// The kind of failure.
    public var code: Code
    /// What was being done: `connect`, `send`, `read body`.
    public var operation: String
    /// More for the log; never holds a body or a header value.
    public var detail: String
    /// Whether the other end certainly did not act on the request, so that it can be sent again.
    public var isSafeToRetry: Bool

    /// An error.
    public init(_ code: Code, _ operation: String, _ detail: String = "", isSafeToRetry: Bool = false) {
        self.code = code
        self.operation = operation
        self.detail = detail
        self.isSafeToRetry = isSafeToRetry
    }

    /// One line: code, operation and detail.
    public var description: String {
        detail.isEmpty ? "\(code.rawValue) in \(operation)" : "\(code.rawValue) in \(operation): \(detail)"
    }
}
