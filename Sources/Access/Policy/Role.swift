/// What somebody is to the registry; a client may have several roles.
public enum Role: String, Sendable, Hashable, CaseIterable {
    /// Asks: reads, searches, matches, cross-references.
    case reader
    /// Sends records.
    case submitter
    /// Decides who is one person.
    case steward
    /// Runs the cluster: sees how it is, never a person.
    case `operator`
    /// Decides by which rules records are compared; sees which records they would join or part, never what is in them.
    case governor
    /// Reads what was recorded about accesses.
    case auditor

    /// What the role may do.
    public var permissions: Set<Permission> {
        switch self {
        case .reader: [.read]
        case .submitter: [.write]
        case .steward: [.read, .decide]
        case .operator: [.operate]
        case .governor: [.govern]
        case .auditor: [.audit]
        }
    }
}
