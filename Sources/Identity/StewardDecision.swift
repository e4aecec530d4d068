public import Identifiers

/// What a steward decided about two records; the latest decision on a pair is the one that holds.
public struct StewardDecision: Hashable, Sendable {
    /// What was decided.
    public enum Kind: UInt8, Sendable {
        /// The two are one person, whatever the rules say.
        case mustLink = 1
        /// The two are different persons, whatever the rules say.
        case cannotLink = 2
    }

    /// Longest kept `by`, in bytes of UTF-8: an account name.
    public static let byLimit = 256
    /// Longest kept `comment`, in bytes of UTF-8: a paragraph.
    public static let commentLimit = 2_000

    /// What was decided.
    public let kind: Kind
    /// The two records.
    public let pair: RecordPair
    /// When: the place of the decision in the order of all writes.
    ///
    /// Later decisions win over earlier ones.
    public let at: Sequence
    /// Who decided; cut at `byLimit`.
    public let by: String
    /// Why; cut at `commentLimit`.
    public let comment: String

    /// States a decision; texts that are too long are cut at a character.
    public init(kind: Kind, pair: RecordPair, at: Sequence, by: String = "", comment: String = "") {
        self.kind = kind
        self.pair = pair
        self.at = at
        self.by = StewardDecision.cut(by, at: StewardDecision.byLimit)
        self.comment = StewardDecision.cut(comment, at: StewardDecision.commentLimit)
    }

    private static func cut(_ text: String, at limit: Int) -> String {
        guard text.utf8.count > limit else { return text }
        var kept = text.prefix(limit)
        while kept.utf8.count > limit { kept.removeLast() }
        return String(kept)
    }
}
