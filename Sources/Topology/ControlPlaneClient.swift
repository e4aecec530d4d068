public import Identifiers

/// The seam to whoever decides who leads: a local file, or a consensus store.
public protocol ControlPlaneClient: Sendable {
    /// Begins a new reign, higher than any before it, durably.
    ///
    /// - Throws: where the control plane cannot be asked; nobody may lead then.
    func beginEpoch() async throws -> Epoch
}
