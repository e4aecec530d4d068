/// Why somebody was turned away; the words hold nothing of what was shown.
public struct EntranceRefusal: Error, Sendable, Hashable {
    /// The kinds of refusal.
    public enum Kind: Sendable, Hashable {
        /// Nothing that was shown says who it is: 401.
        case unauthenticated
        /// Who it is may not do this: 403.
        case forbidden
        /// It asks too often; it may come back after so many seconds: 429.
        case throttled(after: Int)
    }

    /// The kind of refusal.
    public var kind: Kind
    /// What was wrong and what would be right.
    public var detail: String
    /// The error code of RFC 6750 for `WWW-Authenticate`; empty where nothing was shown.
    public var challenge = ""
    /// Who it was, as far as that was found out.
    public var client = ""

    /// A refusal.
    public init(_ kind: Kind, _ detail: String) {
        self.kind = kind
        self.detail = detail
    }
}
