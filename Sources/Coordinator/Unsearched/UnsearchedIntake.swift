import Identifiers
import Matching
import ShardProtocol
import Topology

/// Takes new records while a shard does not answer, where the rules allow it: each waits in its home slot until it can
/// be searched for.
///
/// What is taken is a promise, not a person: it has no golden identifier, no keys and no place in the feed, since all
/// of these may lie where nobody answers, and an identifier that was given out without a search would be one too many.
/// It is one row on one shard, so it needs no intent and no number, and goes to its shard beside the batches.
struct UnsearchedIntake: Sendable {
    let fanOut: FanOut
    let sequencer: LeaderSequencer
    let commit: Commit
    let clock: any CoordinatorClock
    let silent: SilentShards
    let planted: Set<PlantedFault>

    /// Whether shards are known not to answer, and the rules let records wait.
    var isNeeded: Bool { fanOut.rules.takesUnsearched && !silent.known.isEmpty }

    /// Why a batch of records need not ask anybody: who would have to answer is known not to.
    func away(for writes: [PreparedWrite]) -> ShardError? {
        guard isNeeded, let first = silent.known.min() else { return nil }
        let hasRecords = writes.contains { write in
            switch write.action {
            case .upsert, .delete: true
            default: false
            }
        }
        return hasRecords ? .unavailable("\(first)") : nil
    }

    /// A batch whose records have been told to the sequencer: later batches leave them alone.
    struct Entered: Sendable {
        var writes: [PreparedWrite]
        /// By place, whether the record was not waiting before.
        var isFirst: [Bool]
    }

    /// Tells the sequencer what is about to be taken; called while the batch still holds its turn.
    func enter(_ writes: [PreparedWrite]) -> Entered {
        Entered(writes: writes, isFirst: sequencer.enter(writes.map { Self.mayWait($0) ? $0.id : nil }))
    }

    /// Whether a write is one that may wait: a source's word about a record, on no condition but that it is new.
    private static func mayWait(_ write: PreparedWrite) -> Bool {
        guard case .upsert = write.action else { return false }
        // 0 is expected by who has looked and found nothing.
        return write.ruling == nil && !write.isReplaced && !write.isRecheck && (write.expectedVersion ?? 0) == 0
    }

    /// Takes what can be taken.
    ///
    /// - Returns: an outcome for each write.
    func take(_ entered: Entered, _ error: ShardError) async -> [WriteOutcome] {
        let reason = WritePath.words(error)
        var outcomes = entered.writes.map { _ in WriteOutcome.unavailable(reason, retryAfter: 1) }
        let (away, routing) = (await silent.look(), fanOut.routing)
        var asked: [Int] = []
        for (place, write) in entered.writes.enumerated() where Self.mayWait(write) && !away.isEmpty {
            let ends = [routing.place(ofHash: write.id.rawValue), routing.second(ofHash: write.id.rawValue)]
            if ends.allSatisfy({ $0.map { !away.contains(ShardID(UInt16($0))) } ?? true }) { asked.append(place) }
        }
        let rows = await rows(of: asked.map { entered.writes[$0] })
        var taken: [Int] = []
        for place in asked {
            let write = entered.writes[place]
            switch (rows[.home(write.id)], rows[.unsearched(write.id)]) {
            case (.some(nil), .some(nil)) where entered.isFirst[place]: taken.append(place)
            case (.some(nil), .some(let bytes?)) where Self.isRepeated(write, bytes):
                outcomes[place] = outcome(write, away, routing)
            default: outcomes[place] = .unavailable(reason, retryAfter: 1)
            }
        }
        let isDurable = await keep(taken.map { entered.writes[$0] })
        for place in taken where isDurable { outcomes[place] = outcome(entered.writes[place], away, routing) }
        for (place, write) in entered.writes.enumerated() where entered.isFirst[place] {
            // Where that is not known nothing else is decided about it before the term ends, which it is about to.
            guard isDurable || !taken.contains(place) else { continue }
            sequencer.settle(write.id, isTaken: taken.contains(place))
        }
        return outcomes
    }

    private func rows(of writes: [PreparedWrite]) async -> [ReadRequest.Address: [UInt8]?] {
        guard !writes.isEmpty else { return [:] }
        // What is not read is not taken.
        return (try? await fanOut.readWhereAnswered(writes.flatMap { [.home($0.id), .unsearched($0.id)] })) ?? [:]
    }

    private static func isRepeated(_ write: PreparedWrite, _ bytes: [UInt8]) -> Bool {
        guard let row = try? UnsearchedRow(decoding: bytes), case .upsert(_, _, let document) = write.action else {
            return false
        }
        return row.write.key == write.key && row.document == document
    }

    /// Makes rows durable.
    private func keep(_ writes: [PreparedWrite]) async -> Bool {
        guard !writes.isEmpty, !planted.contains(.loseUnsearched) else { return true }
        let now = clock.milliseconds()
        do throws(ShardError) {
            try await commit.keep(
                writes.map { .row(.unsearched($0.id), UnsearchedRow(taken: now, write: $0).encoded()) }
            )
            return true
        } catch {
            return false
        }
    }

    private func outcome(_ write: PreparedWrite, _ away: Set<ShardID>, _ routing: Routing) -> WriteOutcome {
        guard case .upsert(let keyed, _, _) = write.action else { preconditionFailure("only records wait") }
        let keys = keyed.keys.filter { away.contains(routing.owner(ofHash: $0.hash)) }
        return .submission(
            .waiting(
                SubmissionOutcome.Waiting(
                    key: write.key,
                    id: write.id,
                    unsearched: MatchAnswer.UnsearchedKey.naming(keys, fanOut.rules, routing)
                )
            )
        )
    }
}
