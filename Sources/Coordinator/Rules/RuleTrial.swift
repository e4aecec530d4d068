import Demographics
import Identifiers
import Identity
import Matching
import ShardProtocol

/// Finds what a candidate rule set would decide otherwise about one record; reads only.
///
/// A record is compared twice at one moment, by the rules in force and by the candidate. What it says is about the
/// record's own pairs: it does not divide persons anew, as activating does.
struct RuleTrial: Sendable {
    let fanOut: FanOut
    let reading: KeepingTools.Reading

    /// Ways of a candidate to find records that the rules in force do not have.
    static func unposted(_ candidate: RuleSet, beside active: RuleSet) -> UInt64 {
        UInt64(candidate.blocking.filter { !active.blocking.contains($0) }.count)
    }

    /// Tries a record.
    func run(_ stored: TrialDesk.Stored, _ candidate: RuleSet, into view: inout TrialView) async throws(ShardError) {
        guard let record = reading(stored.key, stored.document) else { return }
        let active = fanOut.force.plan.active
        let (id, normalised) = (stored.key.id, NormalisedRecord(record))
        let keyed = active.key(id, normalised)
        let now = try await fanOut.candidates([keyed], rules: active)
        let then = try await found(by: candidate, id, normalised, beside: keyed)
        let nowFound = now.candidates.first ?? []
        let thenFound = then.found
        let persons = try await persons([id] + nowFound.map(\.record) + thenFound.map(\.record))
        // Removed meanwhile, or on its way.
        guard let own = persons[id] else { return }
        view.tried += 1
        count([now.cost, then.cost], into: &view)
        view.questions[0] += questions(nowFound, active, own, persons)
        view.questions[1] += questions(thenFound, candidate, own, persons)
        let joined = thenFound.filter { neighbour in
            neighbour.weight >= candidate.matchThreshold && persons[neighbour.record].map { $0 != own } == true
        }
        let held = nowFound.filter { $0.weight >= active.matchThreshold && persons[$0.record] == own }
        let isHeldThen = thenFound.contains { $0.weight >= candidate.matchThreshold && persons[$0.record] == own }
        if let best = Self.best(joined) {
            view.joining += 1
            try await note(true, stored.key, best.record, nowFound, thenFound, into: &view)
        }
        if let best = Self.best(held), !isHeldThen {
            view.parting += 1
            try await note(false, stored.key, best.record, nowFound, thenFound, into: &view)
        }
    }

    /// What the candidate would find, as far as what is posted tells.
    ///
    /// A record is posted under the keys of the rules in force alone. So where the candidate has others, the record is
    /// looked for under both; of what is found, the candidate compares what has a key of its own in common with it.
    private func found(
        by candidate: RuleSet,
        _ id: RecordID,
        _ record: NormalisedRecord,
        beside active: KeyedRecord
    ) async throws(ShardError) -> (found: [IdentityChange.Neighbour], cost: SearchCost) {
        var keyed = candidate.key(id, record)
        let own = Set(keyed.keys.map(\.hash))
        guard Self.unposted(candidate, beside: fanOut.force.plan.active) > 0 else {
            let found = try await fanOut.candidates([keyed], rules: candidate)
            return (found.candidates.first ?? [], found.cost)
        }
        keyed.keys += active.keys.filter { !own.contains($0.hash) }
        let all = try await fanOut.candidates([keyed], rules: candidate)
        let neighbours = all.candidates.first ?? []
        let homes = try await fanOut.read(neighbours.map { .home($0.record) })
        let compared = neighbours.filter { neighbour in
            guard let bytes = homes[.home(neighbour.record)] ?? nil, let home = try? HomeRow(decoding: bytes),
                let other = reading(home.key, home.document)
            else { return false }
            return candidate.keys(of: NormalisedRecord(other)).contains { own.contains($0.hash) }
        }
        return (compared, all.cost)
    }

    private static func best(_ found: [IdentityChange.Neighbour]) -> IdentityChange.Neighbour? {
        found.min { ($1.weight, $0.record) < ($0.weight, $1.record) }
    }

    private func count(_ costs: [SearchCost], into view: inout TrialView) {
        for (index, cost) in costs.enumerated() {
            view.postings[index] += cost.postings
            view.scored[index] += cost.scored
        }
    }

    private func questions(
        _ found: [IdentityChange.Neighbour],
        _ rules: RuleSet,
        _ own: GoldenID,
        _ persons: [RecordID: GoldenID]
    ) -> UInt64 {
        UInt64(found.count { $0.weight < rules.matchThreshold && persons[$0.record].map { $0 != own } == true })
    }

    private func persons(_ records: [RecordID]) async throws(ShardError) -> [RecordID: GoldenID] {
        let wanted = Set(records).sorted()
        let rows = try await fanOut.read(wanted.map { .link($0) })
        var persons: [RecordID: GoldenID] = [:]
        for id in wanted {
            guard let bytes = rows[.link(id)] ?? nil, let link = try? LinkRow(decoding: bytes) else { continue }
            persons[id] = link.golden
        }
        return persons
    }

    private func note(
        _ joins: Bool,
        _ record: RecordKey,
        _ other: RecordID,
        _ now: [IdentityChange.Neighbour],
        _ then: [IdentityChange.Neighbour],
        into view: inout TrialView
    ) async throws(ShardError) {
        guard view.samples.count(where: { $0.joins == joins }) < TrialView.sampleLimit,
            let bytes = try await fanOut.read([.home(other)])[.home(other)] ?? nil,
            let home = try? HomeRow(decoding: bytes)
        else { return }
        view.note(
            TrialView.Sample(
                joins: joins,
                record: record,
                other: home.key,
                active: now.first { $0.record == other }?.weight,
                candidate: then.first { $0.record == other }?.weight
            )
        )
    }
}
