/// Somebody for whom a client speaks.
public struct AuditUser: Sendable, Hashable {
    /// Who vouches.
    public var issuer: String
    /// The name by which the issuer knows them.
    public var subject: String
    /// The name in words.
    public var name: String
    /// The number of the token.
    public var token: String
    /// The roles, by code.
    public var roles: [String]
    /// The purposes, by code.
    public var purposes: [String]

    /// A user.
    public init(
        issuer: String,
        subject: String,
        name: String = "",
        token: String = "",
        roles: [String] = [],
        purposes: [String] = []
    ) {
        self.issuer = issuer
        self.subject = subject
        self.name = name
        self.token = token
        self.roles = roles
        self.purposes = purposes
    }
}
