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
        let now = try await fanOut.candidates([active.key(id, normalised)], rules: active)
        let then = try await fanOut.candidates([candidate.key(id, normalised)], rules: candidate)
        let (nowFound, thenFound) = (now.candidates.first ?? [], then.candidates.first ?? [])
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
