/// Why the topology cannot be read or changed.
public enum TopologyError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A text is not a cluster map that this version understands; says what is wrong, and in which line.
    case unreadable(String)
    /// A map breaks an invariant; says which.
    case broken(String)
    /// Somebody else changed the map in the meantime: read it again and decide anew.
    case conflict
    /// There is no map yet and nothing to begin one with.
    case missing
    /// The control plane does not answer, or answers nothing that can be used; says why.
    case unavailable(String)

    /// What happened, in words.
    public var description: String {
        switch self {
        case .unreadable(let reason): "the cluster map cannot be read: \(reason)"
        case .broken(let reason): "the cluster map is not sound: \(reason)"
        case .conflict: "the cluster map was changed by somebody else in the meantime"
        case .missing: "there is no cluster map yet"
        case .unavailable(let reason): "the control plane does not answer: \(reason)"
        }
    }
}
