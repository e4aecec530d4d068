/// A cluster map as the control plane keeps it.
public struct StoredMap: Sendable, Equatable {
    /// The map.
    public var map: ClusterMap
    /// What a change must name to show that it knew this map; grows with each change, its numbers mean nothing else.
    public var revision: UInt64

    /// Puts both together.
    public init(map: ClusterMap, revision: UInt64) {
        self.map = map
        self.revision = revision
    }
}
