public import Transport

/// What carries a message to somebody and brings the answer.
public protocol MessageSender: Sendable {
    /// Sends a message and waits for the answer.
    ///
    /// - Throws: `TransportError` where none came.
    func send(_ message: [UInt8]) async throws(TransportError) -> [UInt8]
}

extension MLLPClient: MessageSender {}
