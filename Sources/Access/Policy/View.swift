/// How much of the records a client may see.
public enum View: String, Sendable, Hashable, CaseIterable {
    /// All of every record.
    case everything
    /// Records of its own sources only, and of those all.
    case own
    /// Of every record who it is and to whom it belongs, and nothing else: no name, no birth date.
    case identifiers
}
