/// Who hands out the identifiers of one domain: one authority, known by several names that all mean the same.
public struct Authority: Hashable, Sendable {
    /// The short name: the namespace id of HL7 v2 (HD.1); empty where it has none.
    public var name: String
    /// The system by which the domain is told in answers and under which its records are stored.
    public var uri: String
    /// The object identifier in dotted form; empty where it has none.
    public var oid: String
    /// The name that people read; empty where it has none.
    public var display: String
    /// Further systems that mean this domain.
    public var aliases: [String]
    /// The clients that may assign identifiers here, by client name or as `APPLICATION|FACILITY`; empty: all of them.
    public var assigners: [String]
    /// Whether an identifier that somebody else assigns is kept as a secondary one in place of being refused.
    public var isLenient: Bool

    /// Describes an authority; without a `uri` the domain is told by its object identifier.
    public init(
        name: String = "",
        uri: String = "",
        oid: String = "",
        display: String = "",
        aliases: [String] = [],
        assigners: [String] = [],
        isLenient: Bool = false
    ) {
        self.name = name
        self.uri = uri.isEmpty && !oid.isEmpty ? Authority.oidPrefix + oid : uri
        self.oid = oid
        self.display = display
        self.aliases = aliases
        self.assigners = assigners
        self.isLenient = isLenient
    }

    /// What stands before an object identifier that is written as a URI (RFC 3061).
    public static let oidPrefix = "urn:oid:"
    /// What stands before a namespace id that has no other name, where a URI is needed.
    public static let namespacePrefix = "urn:tessera:domain:"

    /// Every text that means this domain, the preferred one first.
    public var names: [String] {
        var all = [uri]
        if !oid.isEmpty { all += [Authority.oidPrefix + oid, oid] }
        if !name.isEmpty { all.append(name) }
        all += aliases
        var seen: Set<String> = []
        return all.filter { seen.insert($0).inserted }
    }

    /// Whether a client may assign identifiers in this domain.
    public func mayAssign(_ client: String) -> Bool { assigners.isEmpty || assigners.contains(client) }
}
