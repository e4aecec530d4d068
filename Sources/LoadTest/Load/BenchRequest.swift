/// An HTTP request of a load run, without a transport.
public struct BenchRequest: Hashable, Sendable {
    /// For example `POST`.
    public var method: String
    /// Path and query, percent-encoded.
    public var path: String
    /// Header fields in order, names in lower case.
    public var headers: [Header]
    /// The body; empty where there is none.
    public var body: [UInt8]

    /// A header field.
    public struct Header: Hashable, Sendable {
        /// Lower case.
        public var name: String
        /// The value.
        public var value: String

        /// Names a value.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// States a request.
    public init(method: String, path: String, headers: [Header] = [], body: [UInt8] = []) {
        self.method = method
        self.path = path
        self.headers = headers
        self.body = body
    }
}
