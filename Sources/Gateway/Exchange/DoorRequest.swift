internal import Entrance

/// A request as the doors see it: the wire's details left behind, the target taken apart once.
struct DoorRequest: Sendable {
    /// The method as sent, in capitals.
    var method: String
    /// The path and the query.
    var target: RequestTarget
    /// The header fields.
    var headers: DoorFields
    /// The whole body.
    var body: [UInt8]
    /// Scheme and host by which the client came, such as `http://127.0.0.1:8080`; empty where it did not say.
    var origin = ""
    /// What whoever asks has shown.
    var credentials = Credentials()
    /// Who asks, once they were let in.
    var caller = Caller.anonymous
    /// The target as it was sent, for the audit trail.
    var sentTarget = ""

    init(method: String, target: RequestTarget, headers: DoorFields = DoorFields(), body: [UInt8] = []) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
    }
}
