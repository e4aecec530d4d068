import Bytes

/// Names one frozen rule set by the digest of its content: equal digests give equal scores.
public struct RuleSetVersion: Hashable, Sendable, CustomStringConvertible {
    /// The first 64 bits of the digest.
    public let digest: UInt64

    /// Wraps a digest.
    public init(digest: UInt64) { self.digest = digest }

    /// 16 hexadecimal digits.
    public var description: String { digest.hexadecimal }
}
