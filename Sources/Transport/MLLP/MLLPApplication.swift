/// What answers messages.
public protocol MLLPApplication: Sendable {
    /// Answers a message; `nil` where none is due.
    ///
    /// Messages of one connection come one after another, in order.
    func answer(_ message: [UInt8], from peer: PeerInfo) async -> [UInt8]?
}
