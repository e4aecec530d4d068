import Demographics
import Identifiers

/// Growing clusters of one component that know what they may not be joined with.
///
/// Each cluster keeps one representative of each distinct set of facts, so that a guard is asked once a pair of
/// distinct facts and not once a pair of records; a refusal is remembered, so that it is found once a pair of clusters.
struct ClusterForest {
    private var sets: DisjointSets
    private var representatives: [[Int32]]
    /// Clusters kept apart by a decision, by root.
    private var decided: [Set<Int32>]
    /// Clusters kept apart by a guard, by root.
    private var guarded: [Set<Int32>]
    private let facts: [GuardFacts]
    private var guards: Guards

    init(facts: [GuardFacts], guards: Guards) {
        self.facts = facts
        self.guards = guards
        sets = DisjointSets(count: facts.count)
        representatives = (0..<Int32(facts.count)).map { [$0] }
        decided = [Set<Int32>](repeating: [], count: facts.count)
        guarded = [Set<Int32>](repeating: [], count: facts.count)
    }

    mutating func root(_ member: Int) -> Int { sets.find(member) }

    func isDecidedApart(_ first: Int, _ second: Int) -> Bool { decided[first].contains(Int32(second)) }

    func isGuardedApart(_ first: Int, _ second: Int) -> Bool { guarded[first].contains(Int32(second)) }

    /// Excuses conflicts between two members that a direct edge or a decision answers for.
    mutating func excuse(_ first: Int, _ second: Int, margin: Int64?) {
        guards.excuse(facts[first], facts[second], margin: margin)
    }

    /// Excuses every conflict between two clusters: a steward joined them.
    mutating func excuseAll(between first: Int, and second: Int) {
        for left in representatives[first] {
            for right in representatives[second] { excuse(Int(left), Int(right), margin: nil) }
        }
    }

    mutating func keepApart(_ first: Int, _ second: Int, byDecision: Bool) {
        if byDecision {
            decided[first].insert(Int32(second))
            decided[second].insert(Int32(first))
        } else {
            guarded[first].insert(Int32(second))
            guarded[second].insert(Int32(first))
        }
    }

    /// What a guard says against joining two clusters: the least reason over all pairs of their facts.
    func objection(_ first: Int, _ second: Int) -> GuardReason? {
        var least: GuardReason?
        for left in representatives[first] {
            for right in representatives[second] {
                guard let reason = guards.objection(facts[Int(left)], facts[Int(right)]) else { continue }
                if reason.rawValue == 1 { return reason }
                if reason.rawValue < least?.rawValue ?? UInt8.max { least = reason }
            }
        }
        return least
    }

    /// Joins two clusters given by their roots.
    mutating func join(_ first: Int, _ second: Int) {
        let winner = sets.union(first, second)
        let loser = winner == first ? second : first
        let joined = representatives[winner]
        for other in representatives[loser]
        where !joined.contains(where: { facts[Int($0)] == facts[Int(other)] }) {
            representatives[winner].append(other)
        }
        representatives[loser] = []
        ClusterForest.move(&decided, from: loser, to: winner)
        ClusterForest.move(&guarded, from: loser, to: winner)
    }

    /// Hands over what a cluster was kept apart from.
    ///
    /// The order in which the set is walked leaves no trace.
    private static func move(_ apart: inout [Set<Int32>], from loser: Int, to winner: Int) {
        guard !apart[loser].isEmpty else { return }
        let others = apart[loser]
        apart[loser] = []
        for other in others {
            apart[Int(other)].remove(Int32(loser))
            apart[Int(other)].insert(Int32(winner))
        }
        apart[winner].formUnion(others)
    }
}
