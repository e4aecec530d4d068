public import Demographics
public import Identifiers

extension IdentityEngine {
    /// Whether two records are one person where nobody else resembles either: what `resolve` decides of two newcomers
    /// with one edge, without its tables.
    ///
    /// - Parameters:
    ///   - first: the facts of one record.
    ///   - second: the facts of the other.
    ///   - weight: what the pair weighs.
    /// - Returns: true where they are joined.
    public func joins(_ first: GuardFacts, _ second: GuardFacts, weight: MatchWeight) -> Bool {
        let margin = Int64(weight.millibits) - Int64(policy.matchThreshold.millibits)
        guard margin >= 0 else { return false }
        if case .average(_, let growth) = policy.linkage, let single = growth.first?.first {
            guard margin + Int64(single.millibits) >= 0 else { return false }
        }
        var guards = Guards(policy: policy.guards)
        if let smallest = guards.smallestMargin, margin >= Int64(smallest.millibits) {
            guards.excuse(first, second, margin: margin)
        }
        return guards.objection(first, second) == nil
    }
}
