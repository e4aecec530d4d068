internal import CNghttp2

/// A failure of a whole session: the connection it belongs to has to end.
public struct HTTP2Error: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Code: String, Sendable {
        /// The peer's bytes are no HTTP/2.
        case protocolViolation
        /// The peer sends too many frames that only cost work: resets, pings, settings, continuations.
        case flooded
        /// A call named a stream that is not open, or came in the wrong order.
        case misuse
        /// The library could not go on.
        case failed
    }

    /// The kind of failure.
    public var code: Code
    /// What was being done: `receive`, `drain`, `submit`.
    public var operation: String
    /// The library's words for it.
    public var detail: String

    /// An error.
    public init(code: Code, operation: String, detail: String) {
        self.code = code
        self.operation = operation
        self.detail = detail
    }

    /// One line: code, operation and detail.
    public var description: String { "\(code.rawValue) in \(operation): \(detail)" }

    init(library number: Int, operation: String) {
        let value = Int32(truncatingIfNeeded: number)
        let code: Code =
            switch nghttp2_error(rawValue: value) {
            case NGHTTP2_ERR_FLOODED: .flooded
            case NGHTTP2_ERR_BAD_CLIENT_MAGIC, NGHTTP2_ERR_PROTO: .protocolViolation
            case NGHTTP2_ERR_INVALID_ARGUMENT, NGHTTP2_ERR_INVALID_STATE, NGHTTP2_ERR_STREAM_CLOSED: .misuse
            default: .failed
            }
        self.init(code: code, operation: operation, detail: unsafe String(cString: nghttp2_strerror(value)))
    }
}
