public import Identifiers

/// Finds the pairs that an order decides, so that it comes out as the steward meant it.
struct StewardPlanner {
    let engine: IdentityEngine
    let parts: [Component]
    let at: Sequence
    let author: String
    let comment: String
    let nextBirth: Sequence

    /// Most pairs that one order decides: 64 records against 64.
    static let pairLimit = 4_096

    /// A plan, and the next birth number once it is carried out.
    typealias Planned = (plan: StewardPlan, nextBirth: Sequence)

    func plan(_ order: StewardOrder) throws(IdentityError) -> Planned {
        switch order {
        case .link(let pair): return try carry([verdict(.mustLink, pair)])
        case .never(let pair): return try carry([verdict(.cannotLink, pair)])
        case .merge(let first, let second): return try merge(first, second)
        case .split(let records): return try split(records)
        case .restore(let verdicts): return try restore(verdicts)
        }
    }

    /// One pair where that is enough; where the rules would then part the persons otherwise, every record is tied.
    private func merge(_ first: RecordID, _ second: RecordID) throws(IdentityError) -> Planned {
        let (left, right) = (try person(of: first), try person(of: second))
        guard left.golden != right.golden else { throw .orderRefused("the two are one person already") }
        var lifted: [StewardVerdict] = []
        for decision in parts.flatMap(\.decisions) where decision.kind == .cannotLink {
            let pair = decision.pair
            let crosses =
                left.members.contains(pair.a) && right.members.contains(pair.b)
                || left.members.contains(pair.b) && right.members.contains(pair.a)
            // A decision on two components stands in both.
            guard crosses, !lifted.contains(where: { $0.pair == pair }) else { continue }
            lifted.append(StewardVerdict(pair: pair, before: decision, after: nil))
        }
        let all = left.members + right.members
        for star in [[first, second], [first] + all.filter { $0 != first }] {
            let pairs = star.dropFirst().compactMap { RecordPair(first, $0) }
            guard pairs.count <= Self.pairLimit else { break }
            let tied = pairs.map { verdict(.mustLink, $0) }
            let planned = try carry(lifted.filter { one in !pairs.contains(one.pair) } + tied)
            if Set(all.map { planned.plan.resolution.golden(of: $0) }).count == 1 { return planned }
        }
        throw .orderRefused("the two cannot be put together: other decisions about their records stand against it")
    }

    /// Every record that leaves is kept from every one that stays; those that leave stay together.
    private func split(_ records: [RecordID]) throws(IdentityError) -> Planned {
        let leaving = Array(Set(records)).sorted()
        guard let one = leaving.first else { throw .orderRefused("no record is named") }
        let person = try person(of: one)
        guard leaving.allSatisfy(person.members.contains) else {
            throw .orderRefused("the records are not of one person")
        }
        let staying = person.members.filter { !leaving.contains($0) }
        guard !staying.isEmpty else { throw .orderRefused("no record of the person would be left") }
        guard leaving.count * staying.count <= Self.pairLimit else {
            throw .orderRefused("too many pairs of records: split off fewer at a time")
        }
        let apart = leaving.flatMap { left in staying.compactMap { RecordPair(left, $0) } }
        let parted = apart.map { verdict(.cannotLink, $0) }
        let planned = try carry(parted)
        guard Set(leaving.map { planned.plan.resolution.golden(of: $0) }).count > 1 else { return planned }
        let held = leaving.dropFirst().compactMap { RecordPair(one, $0) }.map { verdict(.mustLink, $0) }
        return try carry(parted + held)
    }

    /// Puts decisions back, where nobody has decided otherwise since.
    private func restore(_ verdicts: [StewardVerdict]) throws(IdentityError) -> Planned {
        for verdict in verdicts where standing(verdict.pair) != verdict.before {
            throw .orderRefused("a later decision is about the same records: undo that one first")
        }
        return try carry(verdicts)
    }

    private func carry(_ verdicts: [StewardVerdict]) throws(IdentityError) -> Planned {
        var birth = nextBirth
        let changes = verdicts.flatMap(\.changes)
        let resolution = try engine.resolve(parts, applying: changes, nextBirth: &birth)
        return (StewardPlan(verdicts: verdicts, resolution: resolution, parts: parts), birth)
    }

    private func verdict(_ kind: StewardDecision.Kind, _ pair: RecordPair) -> StewardVerdict {
        let decision = StewardDecision(kind: kind, pair: pair, at: at, by: author, comment: comment)
        return StewardVerdict(pair: pair, before: standing(pair), after: decision)
    }

    private func standing(_ pair: RecordPair) -> StewardDecision? {
        var latest: StewardDecision?
        for part in parts {
            for decision in part.decisions where decision.pair == pair {
                if let known = latest, known.at >= decision.at { continue }
                latest = decision
            }
        }
        return latest
    }

    private func person(of record: RecordID) throws(IdentityError) -> Person {
        for part in parts {
            guard let golden = part.member(record)?.golden else { continue }
            if let person = part.persons.first(where: { $0.golden == golden }) { return person }
        }
        throw .missingRecords([record])
    }
}

extension IdentityEngine {
    /// Works out what an order decides and what follows from it.
    ///
    /// - Parameters:
    ///   - order: what a steward wants.
    ///   - author: who.
    ///   - comment: why.
    ///   - at: the place of the order among all writes.
    ///   - parts: the stored components of all records that the order names, each once.
    ///   - nextBirth: the next unused birth number of golden identifiers; advanced by what was minted.
    /// - Returns: the plan; nothing has been stored.
    /// - Throws: `IdentityError.orderRefused` with the reason; what `resolve` throws.
    public func plan(
        _ order: StewardOrder,
        by author: String,
        comment: String,
        at: Sequence,
        on parts: [Component],
        nextBirth: inout Sequence
    ) throws(IdentityError) -> StewardPlan {
        let planner = StewardPlanner(
            engine: self,
            parts: parts,
            at: at,
            author: author,
            comment: comment,
            nextBirth: nextBirth
        )
        let planned = try planner.plan(order)
        nextBirth = planned.nextBirth
        return planned.plan
    }
}
