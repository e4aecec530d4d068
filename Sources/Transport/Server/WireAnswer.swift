/// The answers the wire itself gives, to requests that no handler sees.
enum WireAnswer {
    static let badRequest = HTTPResponse.text(400, "The request is no valid HTTP.\n")
    static let timeout = HTTPResponse.text(408, "The request did not arrive in time.\n")
    static let bodyTooLarge = HTTPResponse.text(413, "The body is longer than allowed here.\n")
    static let headerTooLarge = HTTPResponse.text(431, "The header fields are longer than allowed.\n")
    static let overloaded = HTTPResponse(
        status: 503,
        headers: ["content-type": "text/plain; charset=utf-8", "retry-after": "1"],
        body: Array("Too much is waiting on this connection.\n".utf8)
    )
}
