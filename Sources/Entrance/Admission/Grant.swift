public import Access

/// What somebody who was let in may do.
public struct Grant: Sendable, Hashable {
    /// The client's name.
    public let client: String
    /// What its roles allow.
    public let permissions: Set<Permission>
    /// What its token allows besides; `nil` where it came without one.
    public let scopes: ScopeSet?
    /// The sources whose records it may write.
    public let writes: SourceScope
    /// How much of the records it may see, now.
    public let view: View
    /// Who is at the client, where a token said so.
    public let user: TokenClaims?
    /// Where the client is.
    public let address: String
    /// Why it sees everything though it usually does not; empty where it does not.
    public let breakGlass: String
    /// Whether a scope that is missing is answered like a token that is.
    let isIUAStrict: Bool

    init(
        client: String,
        permissions: Set<Permission> = Set(Permission.allCases),
        scopes: ScopeSet? = nil,
        writes: SourceScope = .all,
        view: View = .everything,
        user: TokenClaims? = nil,
        address: String = "",
        breakGlass: String = "",
        isIUAStrict: Bool = false
    ) {
        self.client = client
        self.permissions = permissions
        self.scopes = scopes
        self.writes = writes
        self.view = view
        self.user = user
        self.address = address
        self.breakGlass = breakGlass
        self.isIUAStrict = isIUAStrict
    }

    /// What everybody may where nothing is configured: everything.
    public static func open(_ client: String, address: String = "") -> Grant {
        Grant(client: client, address: address)
    }

    /// Whether anything is kept from whoever holds it.
    public var isWhole: Bool { view == .everything && writes == .all }

    /// Refuses what it does not allow.
    ///
    /// - Throws: a refusal; nothing of what was asked for has been looked at.
    public func require(_ need: ScopeNeed) throws(EntranceRefusal) {
        guard !need.isNothing else { return }
        guard permissions.contains(need.permission) else {
            throw EntranceRefusal(.forbidden, "\(client) has no role that allows this (\(need.permission.rawValue))")
        }
        guard let scopes, !scopes.covers(need) else { return }
        var refusal = EntranceRefusal(
            isIUAStrict ? .unauthenticated : .forbidden,
            "the token's scope does not cover this"
        )
        refusal.challenge = "insufficient_scope"
        throw refusal
    }
}
