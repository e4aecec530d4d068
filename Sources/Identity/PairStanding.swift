public import Identifiers

/// Why two stored records are, or are not, one person: what the partition followed, read off the stored components.
public struct PairStanding: Sendable, Equatable {
    /// What joined the two records or kept them apart.
    public enum Cause: Sendable, Equatable {
        /// A steward decided on this very pair.
        case decision(StewardDecision)
        /// Their own score joins them.
        case edge(MatchWeight)
        /// They are joined through other records, told in order.
        case chain([RecordID])
        /// A guard forbade to join their persons; the two records whose facts it minds.
        case guarded(GuardReason, RecordPair)
        /// A steward decided on two other records of their persons.
        case decisionOnOthers(StewardDecision)
        /// Nothing joins them.
        case nothing
    }

    /// Whether both belong to one person now.
    public var isSamePerson: Bool
    /// What made it so.
    public var cause: Cause
    /// What a guard says about these two records alone, whether or not it was asked.
    public var objection: GuardReason?
    /// The records of the first record's person, sorted.
    public var firstPerson: [RecordID]
    /// The records of the second record's person, sorted.
    public var secondPerson: [RecordID]

    /// Most records of a person that are looked at for what keeps two persons apart.
    private static let personLimit = 64

    /// Reads the standing of two records.
    ///
    /// - Parameters:
    ///   - first: a record.
    ///   - home: its component.
    ///   - second: another record.
    ///   - other: the other's component; the same value where both are in one.
    ///   - policy: the policy by which the components were resolved.
    public init(
        _ first: RecordID,
        in home: Component,
        _ second: RecordID,
        in other: Component,
        policy: IdentityPolicy
    ) {
        let left = home.member(first)
        let right = other.member(second)
        firstPerson = PairStanding.person(of: left, in: home)
        secondPerson = PairStanding.person(of: right, in: other)
        isSamePerson = left?.golden != nil && left?.golden == right?.golden
        objection = nil
        cause = .nothing
        let guards = Guards(policy: policy.guards)
        if let left, let right { objection = guards.objection(left.facts, right.facts) }
        let decisions = home.decisions + other.decisions
        if let own = decisions.first(where: { $0.pair == RecordPair(first, second) }),
            (own.kind == .mustLink) == isSamePerson
        {
            cause = .decision(own)
        } else if isSamePerson {
            cause = joined(first, second, in: home)
        } else {
            cause = parted(home, other, decisions, guards)
        }
    }

    private static func person(of member: Component.Member?, in component: Component) -> [RecordID] {
        guard let member, let golden = member.golden else { return [] }
        return component.members.filter { $0.golden == golden && !$0.isAbsent }.map(\.record)
    }

    /// Their own edge, or the shortest way over edges and decisions between records of their person.
    private func joined(_ first: RecordID, _ second: RecordID, in home: Component) -> Cause {
        if let edge = home.edges.first(where: { $0.pair == RecordPair(first, second) }) { return .edge(edge.weight) }
        let members = Set(firstPerson)
        let links = home.edges.map(\.pair) + home.decisions.filter { $0.kind == .mustLink }.map(\.pair)
        let inside = links.filter { members.contains($0.a) && members.contains($0.b) }
        var cameFrom: [RecordID: RecordID] = [first: first]
        var front = [first]
        while !front.isEmpty, cameFrom[second] == nil {
            var next: [RecordID] = []
            for record in front {
                for pair in inside where pair.contains(record) {
                    let reached = pair.a == record ? pair.b : pair.a
                    guard cameFrom[reached] == nil else { continue }
                    cameFrom[reached] = record
                    next.append(reached)
                }
            }
            front = next.sorted()
        }
        var between: [RecordID] = []
        var step = cameFrom[second]
        while let record = step, record != first {
            between.append(record)
            step = cameFrom[record]
        }
        return between.isEmpty ? .nothing : .chain(between.reversed())
    }

    /// What the stored questions and decisions say about the two persons, then what the guards say where an edge runs
    /// between them.
    private func parted(
        _ home: Component,
        _ other: Component,
        _ decisions: [StewardDecision],
        _ guards: Guards
    ) -> Cause {
        let left = Set(firstPerson)
        let right = Set(secondPerson)
        func runsBetween(_ pair: RecordPair) -> Bool {
            (left.contains(pair.a) && right.contains(pair.b)) || (left.contains(pair.b) && right.contains(pair.a))
        }
        if let apart = decisions.first(where: { $0.kind == .cannotLink && runsBetween($0.pair) }) {
            return .decisionOnOthers(apart)
        }
        for task in home.reviews where runsBetween(task.pair) {
            if case .guardForbade(let reason) = task.reason { return .guarded(reason, task.pair) }
        }
        guard home.id == other.id, home.edges.contains(where: { runsBetween($0.pair) }) else { return .nothing }
        for one in firstPerson.prefix(PairStanding.personLimit) {
            for another in secondPerson.prefix(PairStanding.personLimit) {
                guard let mine = home.member(one), let theirs = home.member(another),
                    let reason = guards.objection(mine.facts, theirs.facts), let pair = RecordPair(one, another)
                else { continue }
                return .guarded(reason, pair)
            }
        }
        return .nothing
    }
}
