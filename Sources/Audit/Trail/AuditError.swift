/// Why the trail cannot be written or read.
public struct AuditError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Code: String, Sendable {
        /// The system refused to read or to write.
        case system
        /// A file is not what a trail consists of.
        case broken
        /// The key does not sign.
        case key
        /// The trail has been closed.
        case closed
    }

    /// The kind of failure.
    public let code: Code
    /// What went wrong, with the path.
    public let detail: String

    init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    /// One line.
    public var description: String { "audit trail: \(detail)" }
}
