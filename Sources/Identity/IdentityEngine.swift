public import Identifiers

/// The whole identity step: components and changes in, components, persons and events out; no I/O, no clock.
///
/// The partition of records into persons is a function of the live records' facts, edges and decisions alone: not of
/// the order or grouping in which they arrived. Golden identifiers remember history; they never steer the partition.
///
///     let engine = IdentityEngine(policy: rules.identity)
///     let resolution = try engine.resolve(
///         [stored],
///         applying: [.upsert(record: id, at: sequence, facts: facts, neighbours: scored)],
///         nextBirth: &births)
///
/// Cost: about a microsecond for a record without neighbours, near-linear in members and edges otherwise.
public struct IdentityEngine: Sendable {
    /// Thresholds, guards and bounds.
    public let policy: IdentityPolicy
    /// What some components were resolved by, while they are resolved anew: its questions are withdrawn.
    public let former: IdentityPolicy?

    /// Makes an engine for a rule set.
    public init(policy: IdentityPolicy, former: IdentityPolicy? = nil) {
        self.policy = policy
        self.former = former
    }

    /// Applies changes to the components they touch.
    ///
    /// - Parameters:
    ///   - parts: the stored components of every record that a change names: the changed record itself where it is
    ///     known, each neighbour at or above the match threshold, both records of a decision.
    ///   - changes: what happened, in order. A later change of a record replaces an earlier one with its edges.
    ///   - nextBirth: the next unused birth number of golden identifiers, from 1; advanced by what was minted.
    /// - Returns: what to store and publish.
    /// - Throws: `IdentityError.missingRecords`, `.duplicateRecord`, `.tooManyDecisions`, `.tooManyAnchors`; nothing
    ///   has been minted then.
    public func resolve(
        _ parts: [Component],
        applying changes: [IdentityChange],
        nextBirth: inout Sequence
    ) throws(IdentityError) -> Resolution {
        precondition(nextBirth > .zero, "birth numbers start at 1")
        if parts.isEmpty, changes.count == 1, case .upsert(let record, let at, let facts, let neighbours) = changes[0],
            neighbours.isEmpty
        {
            let golden = GoldenID(birth: nextBirth)
            nextBirth = nextBirth.next
            return Resolution(newcomer: record, at: at, facts: facts, golden: golden)
        }
        var draft = try IdentityDraft(parts: parts, policy: policy, former: former)
        for change in changes { try draft.apply(change) }
        draft.close()
        let pieces = ComponentSplit(draft: draft).pieces
        var outcome = IdentityOutcome(draft: draft)
        for piece in pieces { outcome.place(piece, by: PersonPartition(draft: draft, piece: piece)) }
        return try outcome.finish(nextBirth: &nextBirth)
    }
}
