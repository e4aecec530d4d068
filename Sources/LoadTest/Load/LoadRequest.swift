/// One request of a load run by its numbers; what is sent is computed from them.
public struct LoadRequest: Sendable, Equatable {
    /// Its place in the phase.
    public var index: Int
    /// What it does.
    public var kind: RequestKind
    /// Its place among the requests of its kind in the whole run.
    public var ordinal: Int

    /// Makes a request.
    public init(index: Int, kind: RequestKind, ordinal: Int) {
        self.index = index
        self.kind = kind
        self.ordinal = ordinal
    }
}
