/// The status and header fields of a response whose body is read as it arrives.
public struct HTTPResponseHead: Sendable {
    /// The status code, 200...599.
    public var status: Int
    /// The header fields.
    public var headers: HTTPFields

    /// A response head.
    public init(status: Int, headers: HTTPFields = HTTPFields()) {
        self.status = status
        self.headers = headers
    }
}
