/// A key that two records must share to be compared: a hash, and the rule that made it.
public struct BlockingKey: Sendable, Hashable {
    /// Uniform in every bit; its top 12 bits are the slot.
    ///
    /// Seeded apart from record ids.
    public var hash: UInt64
    /// Index of the rule in the rule set.
    public var rule: UInt8

    /// Makes a key.
    @inlinable
    public init(hash: UInt64, rule: UInt8) {
        self.hash = hash
        self.rule = rule
    }

    /// Most keys of one record; what rules give beyond is left out in order of rule.
    public static let limit = 24
}
