/// A whole answer: status, header fields and body.
///
/// `content-length` is added on sending; trailers are only ever received (gRPC sends its status in them).
public struct HTTPResponse: Sendable {
    /// The status code, 200...599.
    public var status: Int
    /// The header fields.
    public var headers: HTTPFields
    /// The body; empty for none.
    public var body: [UInt8]
    /// The fields that followed the body, on a received response.
    public var trailers: HTTPFields

    /// An answer.
    public init(
        status: Int,
        headers: HTTPFields = HTTPFields(),
        body: [UInt8] = [],
        trailers: HTTPFields = HTTPFields()
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.trailers = trailers
    }

    private static let textHeaders: HTTPFields = ["content-type": "text/plain; charset=utf-8"]

    /// A plain-text answer, for the doors' simplest errors.
    public static func text(_ status: Int, _ text: String) -> HTTPResponse {
        HTTPResponse(status: status, headers: textHeaders, body: Array(text.utf8))
    }
}
