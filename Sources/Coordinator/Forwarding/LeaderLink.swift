public import Topology

/// The way to another coordinator that leads.
public protocol LeaderLink: Sendable {
    /// Carries a message to the leader's `PeerService` and brings back its answer.
    ///
    /// - Throws: `RegistryError.unavailable`; the message may have arrived nevertheless.
    func carry(_ message: [UInt8], to leader: Leader) async throws(RegistryError) -> [UInt8]
}
