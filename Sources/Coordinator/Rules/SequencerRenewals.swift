import Identifiers
import Identity
import Lookup
import Matching
import ShardProtocol

/// What a change of rules asks of the sequencer.
extension Sequencer {
    /// Posts records under the keys of the rules that are to follow; nothing else of them changes.
    mutating func repost(_ renewals: [Renewal], _ step: inout DecisionStep) throws(RowError) -> WriteOutcome {
        var done = 0
        for renewal in renewals {
            guard let home = try homeRow(renewal.id, step), !home.deleted, home.sequence == renewal.seen else {
                continue
            }
            var row = home
            row.keys = renewal.keys
            guard Set(row.keys) != Set(home.keys) else { continue }
            move(row, over: home, renewal, &step)
            done += 1
        }
        if done > 0 { next = next.next }
        return .renewed(done, wider: [])
    }

    /// Decides records anew, all at once; forced also where others that belong to them are to be decided anew as well.
    ///
    /// The outcome tells how many were; or the others, and then nothing was written.
    mutating func renew(
        _ renewals: [Renewal],
        isForced: Bool,
        _ candidates: [[IdentityChange.Neighbour]],
        _ step: inout DecisionStep
    ) throws(RowError) -> WriteOutcome {
        var homes: [(renewal: Renewal, home: HomeRow)] = []
        var parts = Parts(nil)
        var changes: [IdentityChange] = []
        for renewal in renewals {
            guard let home = try homeRow(renewal.id, step), !home.deleted, home.sequence == renewal.seen,
                home.generation != generation
            else { continue }
            // Two that are renewed at once may both be posted under their new keys for the first time.
            compare(renewal.keyed, step)
            homes.append((renewal, home))
        }
        let found = Dictionary(zip(renewals.map(\.id), candidates)) { first, _ in first }
        for (renewal, home) in homes {
            let candidates = found[renewal.id] ?? []
            let neighbours = try neighbours(of: renewal.keyed, candidates, step)
            for part in neighbours.parts.all { parts.insert(part) }
            if let own = try component(of: renewal.id, step) { parts.insert(own) }
            changes.append(
                .upsert(
                    record: renewal.id,
                    at: home.born,
                    facts: renewal.keyed.facts,
                    neighbours: neighbours.scored
                )
            )
        }
        guard !homes.isEmpty else { return .renewed(0, wider: []) }
        if !isForced {
            let wider = try outdated(parts, besides: Set(homes.map(\.renewal.id)), step)
            if !wider.isEmpty { return .renewed(0, wider: wider) }
        }
        let sequence = next
        guard let resolution = resolve(parts, changes) else {
            return .unavailable("the records around this one do not fit together; a scrub is needed", retryAfter: 60)
        }
        for (renewal, home) in homes {
            var row = home
            row.keys = renewal.keys
            row.rules = rules.version
            row.generation = generation
            move(row, over: home, renewal, &step)
        }
        record(resolution, of: parts, at: sequence, isSilent: resolution.events.isEmpty, &step)
        return .renewed(homes.count, wider: [])
    }

    /// Records of some components that were not decided by the rules of now.
    private func outdated(
        _ parts: Parts,
        besides known: Set<RecordID>,
        _ step: DecisionStep
    ) throws(RowError) -> [RecordID] {
        var found: [RecordID] = []
        for part in parts.all {
            for member in part.component.members where !member.isAbsent && !known.contains(member.record) {
                guard let home = try homeRow(member.record, step), !home.deleted, home.generation != generation else {
                    continue
                }
                found.append(member.record)
            }
        }
        return found.sorted()
    }

    /// Writes a home row with other keys, and what follows from these.
    private mutating func move(
        _ row: HomeRow,
        over old: HomeRow,
        _ renewal: Renewal,
        _ step: inout DecisionStep
    ) {
        let id = renewal.id
        put(.home(id), row.encoded(), &step)
        let before = Set(old.keys.map(\.hash))
        let after = Set(row.keys.map(\.hash))
        let scored = row.keys.filter { $0.rule != LookupKey.rule }.map(\.hash)
        let gone = old.keys.map(\.hash).filter { !after.contains($0) }
        for key in gone { step.writes.append(.unpost(key: key, record: id)) }
        if !gone.isEmpty { step.writes.append(.dropFeature(id, keys: gone, keeping: scored)) }
        let new = row.keys.map(\.hash).filter { !before.contains($0) }
        guard !new.isEmpty else { return }
        step.writes.append(.feature(id, row: renewal.keyed.row, keys: scored))
        for key in new {
            step.writes.append(.post(key: key, sketch: renewal.keyed.sketch.bits, record: id))
        }
    }
}
