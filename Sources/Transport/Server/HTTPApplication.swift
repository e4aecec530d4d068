/// Who answers a server's requests.
enum HTTPApplication: Sendable {
    case inline(any InlineHTTPHandler)
    case async(any HTTPHandler)
}
