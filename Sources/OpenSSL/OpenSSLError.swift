internal import COpenSSL

/// A failure of a certificate, a key, a handshake or a cryptographic call.
public struct OpenSSLError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Code: String, Sendable {
        /// A file could not be read or does not hold what it should.
        case badFile
        /// Key and certificate do not belong together.
        case keyMismatch
        /// The handshake failed, for instance because a certificate was not accepted.
        case handshakeFailed
        /// The other end broke the record protocol.
        case recordFailed
        /// The library could not go on.
        case failed
    }

    /// The kind of failure.
    public var code: Code
    /// What was being done, with the path when it was a file.
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

    /// Takes the oldest error off the calling thread's queue, where the library leaves it, and empties the queue.
    static func last(_ code: Code, _ operation: String) -> OpenSSLError {
        let number = ERR_peek_error()
        ERR_clear_error()
        guard number != 0 else { return OpenSSLError(code: code, operation: operation, detail: "no reason given") }
        var text = [CChar](repeating: 0, count: 256)
        unsafe ERR_error_string_n(number, &text, text.count)
        let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return OpenSSLError(code: code, operation: operation, detail: String(decoding: bytes, as: UTF8.self))
    }
}
