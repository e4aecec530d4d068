public import Identifiers

/// One piece of a backup.
///
/// Frames are applied in the order in which they were written: see DESIGN.md, "A cut through a running cluster".
public struct BackupFrame: Sendable, Equatable {
    /// What a frame holds.
    public enum Kind: UInt8, Sendable {
        /// A rule set in its canonical encoding.
        case rules = 1
        /// Rows as they were read from the shards, documents among them.
        case rows = 2
        /// All that one batch of writes wrote.
        case batch = 3
    }

    /// What it holds.
    public var kind: Kind
    /// Of a batch, the first sequence that it used.
    public var first: Sequence
    /// Of a batch, the last sequence that it used.
    public var last: Sequence
    /// Its content.
    public var content: [UInt8]

    /// Makes a frame.
    public init(_ kind: Kind, first: Sequence = .zero, last: Sequence = .zero, content: [UInt8]) {
        self.kind = kind
        self.first = first
        self.last = last
        self.content = content
    }
}
