public import Identifiers

/// The seam to whoever decides who leads and where data lives: a local file, or a consensus store.
public protocol ControlPlaneClient: Sendable {
    /// Wins leadership, waiting for as long as another leads, and begins a new reign, higher than any before, durably.
    ///
    /// - Throws: where the control plane cannot be asked, and where the task is cancelled; nobody may lead then.
    func beginEpoch() async throws -> Epoch

    /// Whether this node surely still leads in that epoch: by its own monotonic clock nobody else can have begun one.
    ///
    /// Asked before everything that only a leader may do, so it answers at once from memory.
    func holds(_ epoch: Epoch) -> Bool

    /// Gives leadership up, so that another one need not wait until it lapses; best effort.
    func resign(_ epoch: Epoch) async

    /// Who leads, as far as this node knows; `nil` where nobody does or nothing is known.
    func leader() -> Leader?

    /// The cluster map; where there is none yet, the one that the configuration begins with becomes it.
    ///
    /// - Throws: `TopologyError`.
    func clusterMap() async throws(TopologyError) -> StoredMap

    /// Puts a map in the place of the one of that revision, durably.
    ///
    /// - Returns: the revision of the new one.
    /// - Throws: `TopologyError.conflict` where it is not the current one any more; `.broken` for a map that is not
    ///   sound or does not follow its predecessor; `.unavailable`: it may have become the map nevertheless, so read
    ///   it again before doing anything that depends on it.
    func replace(_ map: ClusterMap, expecting revision: UInt64) async throws(TopologyError) -> UInt64

    /// The cluster map now and whenever it changes; who is slow sees the last one alone.
    func changes() -> AsyncStream<StoredMap>
}
