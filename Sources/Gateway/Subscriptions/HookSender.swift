/// Sends what subscribers are told; the doors know nothing of the network behind it.
public protocol HookSender: Sendable {
    /// Sends a request and waits for its status.
    func send(_ request: HookRequest) async -> HookAnswer
}

/// What a subscriber is sent.
public struct HookRequest: Sendable {
    /// The method: POST, or PUT of a resource.
    public var method: String
    /// Where to.
    public var url: String
    /// The header fields, those that the subscriber asked for included.
    public var headers: [(name: String, value: String)]
    /// The body.
    public var body: [UInt8]
    /// Seconds that the subscriber may take.
    public var timeoutSeconds: Int
}

/// What came back from a subscriber.
public enum HookAnswer: Sendable, Hashable {
    /// It answered with this status.
    case status(Int)
    /// It did not answer, for this reason.
    case failed(String)

    /// What that means for what was sent.
    enum Verdict: Hashable {
        case delivered
        /// Sending it again will not help: it is set aside.
        case refused(String)
        /// It is sent again.
        case later(String)
    }

    /// Statuses by which a subscriber says that it will never take this.
    private static let final: Set = [400, 405, 406, 409, 411, 413, 414, 415, 422, 501]

    var verdict: Verdict {
        switch self {
        case .status(200..<300): .delivered
        case .status(let status) where Self.final.contains(status): .refused("status \(status)")
        case .status(let status): .later("status \(status)")
        case .failed(let reason): .later(reason)
        }
    }
}
