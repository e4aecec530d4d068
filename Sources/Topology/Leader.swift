public import Identifiers

/// Who leads, as the control plane tells it.
public struct Leader: Sendable, Equatable {
    /// What operators call the coordinator.
    public var name: String
    /// `HOST:PORT` at which other coordinators reach it.
    public var address: String
    /// Its reign; `nil` while it has won but not yet begun one.
    public var epoch: Epoch?

    /// Puts a leader together.
    public init(name: String, address: String, epoch: Epoch?) {
        self.name = name
        self.address = address
        self.epoch = epoch
    }
}
