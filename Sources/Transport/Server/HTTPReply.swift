/// The way back for an answer of an `InlineHTTPHandler`; a value to keep and use once, from any thread.
public struct HTTPReply: Sendable {
    let handle: StreamHandle

    /// Sends the answer; does nothing when the client has gone or an answer was sent before.
    public func send(_ response: HTTPResponse) {
        handle.post(.respond(response))
    }
}
