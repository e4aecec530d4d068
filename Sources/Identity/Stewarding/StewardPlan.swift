import Bytes
public import Identifiers

/// What carrying out an order would do: the pairs that it decides, and what follows from that.
///
///     let plan = try engine.plan(.merge(a, b), by: author, at: sequence, on: components, nextBirth: &births)
///
/// It is a value: whoever only wants to know looks at it, and whoever decides stores its resolution.
public struct StewardPlan: Sendable {
    /// A person whose records or whose identifier change.
    public struct Effect: Hashable, Sendable {
        /// Its identifier.
        public var golden: GoldenID
        /// Its records before; none where it was retired or is new.
        public var before: [RecordID]
        /// Its records after; none where it is retired now.
        public var after: [RecordID]
        /// The person that it redirected to before.
        public var redirectedTo: GoldenID?
        /// The person that it redirects to now.
        public var redirectsTo: GoldenID?
        /// Whether the identifier is given out for the first time.
        public var isNew: Bool
    }

    /// What is decided about which pairs.
    public let verdicts: [StewardVerdict]
    /// What to store and publish.
    public let resolution: Resolution
    /// The records that belong to another person than before, sorted.
    public let moves: [StewardMove]
    /// The persons that change, oldest first.
    public let effects: [Effect]

    init(verdicts: [StewardVerdict], resolution: Resolution, parts: [Component]) {
        self.verdicts = verdicts
        self.resolution = resolution
        var before: [RecordID: GoldenID] = [:]
        for part in parts {
            for member in part.members where !member.isAbsent { before[member.record] = member.golden }
        }
        var moves: [StewardMove] = []
        for member in resolution.components.flatMap(\.component.members) {
            guard let from = before[member.record], let to = member.golden, from != to else { continue }
            moves.append(StewardMove(record: member.record, from: from, to: to))
        }
        self.moves = moves.sorted { $0.record < $1.record }
        effects = Self.effects(of: resolution, on: parts)
    }

    private static func effects(of resolution: Resolution, on parts: [Component]) -> [Effect] {
        let old = Standing(parts.flatMap(\.persons))
        let new = Standing(resolution.components.flatMap(\.persons))
        let minted = Set(resolution.minted)
        return old.goldens.union(new.goldens).sorted { $0.birth < $1.birth }.compactMap { golden in
            let effect = Effect(
                golden: golden,
                before: old.members[golden] ?? [],
                after: new.members[golden] ?? [],
                redirectedTo: old.redirects[golden],
                redirectsTo: new.redirects[golden],
                isNew: minted.contains(golden)
            )
            return effect.before == effect.after && effect.redirectedTo == effect.redirectsTo ? nil : effect
        }
    }

    private struct Standing {
        var members: [GoldenID: [RecordID]] = [:]
        var redirects: [GoldenID: GoldenID] = [:]

        init(_ persons: [Person]) {
            for person in persons {
                members[person.golden] = person.members
                for golden in person.retired { redirects[golden] = person.golden }
            }
        }

        var goldens: Set<GoldenID> { Set(members.keys).union(redirects.keys) }
    }

    /// The records of the largest person that the plan puts together; 0 where it puts none together.
    public var largestMerge: Int {
        var largest = 0
        for effect in effects where effect.after.count > effect.before.count && !effect.isNew {
            largest = max(largest, effect.after.count)
        }
        return largest
    }

    /// A number that stands for the effect: equal for equal effects, whatever identifiers new persons will get.
    public var digest: UInt64 {
        let names = Dictionary(uniqueKeysWithValues: resolution.minted.enumerated().map { ($1, UInt64($0)) })
        func name(_ golden: GoldenID) -> UInt64 { names[golden] ?? golden.rawValue }
        var hash = KeyHash.mix(UInt64(verdicts.count))
        for verdict in verdicts {
            hash = KeyHash.combine(hash, KeyHash.combine(verdict.pair.a.rawValue, verdict.pair.b.rawValue))
            hash = KeyHash.combine(hash, UInt64(verdict.after?.kind.rawValue ?? 0))
        }
        for move in moves {
            hash = KeyHash.combine(hash, KeyHash.combine(move.record.rawValue, name(move.to)))
        }
        return hash
    }
}
