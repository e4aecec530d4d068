/// A system that may enter, and what it may do.
public struct AccessClient: Sendable, Hashable {
    /// The name by which it is known: in the audit trail, in decisions, among the assigners of authorities.
    public var name: String
    /// By what it is recognised; any of them will do.
    public var marks: Set<ClientMark>
    /// What it is to the registry.
    public var roles: Set<Role>
    /// The sources whose records it may write.
    public var writes: SourceScope
    /// How much of the records it may see.
    public var sees: View
    /// Whether it may see everything for once, where it says why.
    public var mayBreakGlass: Bool
    /// How often it may ask; `nil`: as often as it likes.
    public var rate: RateLimit?

    /// A client.
    public init(
        name: String,
        marks: Set<ClientMark> = [],
        roles: Set<Role>,
        writes: SourceScope = .listed([]),
        sees: View = .everything,
        mayBreakGlass: Bool = false,
        rate: RateLimit? = nil
    ) {
        self.name = name
        self.marks = marks
        self.roles = roles
        self.writes = writes
        self.sees = sees
        self.mayBreakGlass = mayBreakGlass
        self.rate = rate
    }

    /// What its roles allow together.
    public var permissions: Set<Permission> { roles.reduce(into: []) { $0.formUnion($1.permissions) } }
}
