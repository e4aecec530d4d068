/// Sources of records: all there are, or those that are named.
public enum SourceScope: Sendable, Hashable {
    /// Every source.
    case all
    /// These, by the preferred system of each.
    case listed(Set<String>)

    /// Whether a source is one of them.
    public func contains(_ source: String) -> Bool {
        switch self {
        case .all: true
        case .listed(let sources): sources.contains(source)
        }
    }

    /// The same with every source under the name that a function gives it.
    public func mapped(_ canonical: (String) -> String) -> SourceScope {
        guard case .listed(let sources) = self else { return self }
        return .listed(Set(sources.map(canonical)))
    }
}
