/// One way to find candidates: records that agree on every part are compared.
public struct BlockingRule: Sendable, Codable, Hashable {
    /// What must agree.
    public var parts: [KeyPart]

    /// Most keys that one rule gives for one record.
    public static let keyLimit = 6
    /// Most parts of a rule.
    public static let partLimit = 5
    /// Most rules of a rule set.
    public static let ruleLimit = 32

    /// Makes a rule.
    public init(_ parts: [KeyPart]) { self.parts = parts }

    /// Tells the keys of this rule from those of others, whatever the rule's position: hash of its parts' names.
    var seed: UInt64 {
        var state: UInt64 = 0x6B65_792D_7365_6564
        for part in parts {
            for byte in part.rawValue.utf8 { state = Fold.combine(state, UInt64(byte)) }
            state = Fold.combine(state, 0x2B)
        }
        return state
    }
}
