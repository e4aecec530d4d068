public import Identifiers

/// What is to be made durable as one frame.
public struct LogEntry: Sendable {
    /// What a frame's payload is.
    public enum Kind: UInt8, Sendable {
        /// Operations, as `OperationWriter` wrote them.
        case commit = 1
        /// Nothing: only the epoch counts.
        case fence = 2
        /// A rule set in its canonical encoding.
        case rules = 3
    }

    /// What the payload is.
    public var kind: Kind
    /// The leader's epoch.
    public var epoch: Epoch
    /// The number of the message in its epoch; 0 where the entry is no commit.
    public var message: UInt64
    /// The sequence through which everything is durable with this entry.
    public var through: Sequence
    /// The payload as it came.
    public var payload: [UInt8]

    /// Makes an entry.
    public init(kind: Kind, epoch: Epoch, message: UInt64 = 0, through: Sequence = .zero, payload: [UInt8] = []) {
        self.kind = kind
        self.epoch = epoch
        self.message = message
        self.through = through
        self.payload = payload
    }

    /// Copies what a frame holds.
    init(_ frame: LogFrame) {
        self.init(
            kind: frame.kind,
            epoch: frame.epoch,
            message: frame.message,
            through: frame.through,
            payload: [UInt8](frame.payload)
        )
    }
}
