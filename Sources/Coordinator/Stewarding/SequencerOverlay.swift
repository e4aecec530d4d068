import Demographics
import Identifiers
import Identity
import Matching
import ShardProtocol

/// The sequencer's eye for updates that make a record look like somebody else.
extension Sequencer {
    /// Why an update is to be held; `nil` where it may pass.
    func suspicion(
        _ write: PreparedWrite,
        _ keyed: KeyedRecord,
        _ former: [UInt8]?,
        _ neighbours: [IdentityChange.Neighbour],
        _ step: DecisionStep
    ) throws(RowError) -> HeldRow? {
        guard let overlayGuard = stewards.overlay, !write.isVouched, !write.isReplaced else { return nil }
        guard let former = window.row(of: write.id) ?? former else { return nil }
        let weight: MatchWeight
        do throws(RuleSetError) {
            let prepared = try PreparedQuery(keyed.row, sketch: keyed.sketch, rules: rules)
            weight = InFlightWindow.score(former, prepared)
        } catch {
            throw .malformed(.feature)
        }
        let isUnlike = weight < overlayGuard.floor
        guard isUnlike || weight < rules.matchThreshold else { return nil }
        let other = try strongestOther(write.id, neighbours, step)
        // Of what is unlike itself any match tells whose data it may be.
        let least = isUnlike ? rules.matchThreshold : rules.matchThreshold + overlayGuard.margin
        let isLikeAnother = other.map { $0.weight >= least } ?? false
        guard isUnlike || isLikeAnother else { return nil }
        return HeldRow(
            raised: step.now,
            reason: isLikeAnother ? .likeAnother : .unlikeItself,
            weight: weight,
            other: isLikeAnother ? other?.record : nil,
            write: write
        )
    }

    /// The best match of another person, unless the record matches somebody of its own person as well.
    private func strongestOther(
        _ record: RecordID,
        _ neighbours: [IdentityChange.Neighbour],
        _ step: DecisionStep
    ) throws(RowError) -> IdentityChange.Neighbour? {
        let own = try linkRow(record, step)?.golden
        var best: IdentityChange.Neighbour?
        for neighbour in neighbours where neighbour.weight >= rules.matchThreshold {
            if try linkRow(neighbour.record, step)?.golden == own { return nil }
            if let known = best, known.weight >= neighbour.weight { continue }
            best = neighbour
        }
        return best
    }

    /// Keeps an update for a steward; the record stays as it is.
    mutating func hold(_ held: HeldRow, _ home: HomeRow, _ step: inout DecisionStep) throws(RowError) -> WriteOutcome {
        var held = held
        held.write.expectedVersion = home.version
        held.write.mustBeNew = false
        put(.held(held.write.id), held.encoded(), &step)
        next = next.next
        guard let golden = try linkRow(held.write.id, step)?.golden else {
            return .unavailable("the record is being changed", retryAfter: 1)
        }
        return .submission(
            .held(.init(key: held.write.key, id: held.write.id, golden: golden, version: home.version))
        )
    }
}
