import Identifiers
import ShardProtocol

/// Which slots of a replica that catches up differ, found by digests.
extension CatchUp {
    /// Compares all slots and copies those that differ, until none does.
    func compare(_ client: any ShardClient, _ work: inout Work) async throws(ShardError) {
        var survey = SlotSurvey()
        shard.count { $0.slotsLeft = UInt64(Slot.count) }
        var next = 0
        while let first = Slot(next) {
            let request = DigestRequest(first: first, count: step(survey))
            let (source, target) = try await digests(request, client)
            survey.differing += survey.note(request, source: source, target: target)
            next += request.count
            shard.count { $0.slotsLeft = UInt64(max(Slot.count - next, 0)) }
        }
        work.slots = survey.differing.count
        for _ in 0..<shard.policy.repairRounds where !survey.differing.isEmpty {
            shard.count { $0.slotsLeft = UInt64(survey.differing.count) }
            for range in survey.ranges(gap: shard.policy.gapRows) {
                try await copy(range, client, &work)
                let copied = survey.differing.count { range.contains($0) }
                shard.count { $0.slotsLeft -= min($0.slotsLeft, UInt64(copied)) }
            }
            survey.differing = try await differingStill(survey, client)
        }
        guard survey.differing.isEmpty else {
            throw .storage("slot \(survey.differing[0]) of \(name) still differs after it was copied")
        }
    }

    private func step(_ survey: SlotSurvey) -> Int {
        survey.step(rows: shard.policy.digestRows, first: shard.policy.digestSlots)
    }

    /// Compares once more those that differed, in turns of the group: nothing changes between the two readings then.
    private func differingStill(
        _ survey: SlotSurvey,
        _ client: any ShardClient
    ) async throws(ShardError) -> [Slot] {
        var known = survey
        var differing: [Slot] = []
        for window in survey.windows(of: step(survey)) {
            let (source, target) = try await shard.turn.run { () throws(ShardError) in
                try await digests(window, client)
            }
            differing += known.note(window, source: source, target: target)
        }
        return differing
    }

    private func digests(
        _ request: DigestRequest,
        _ client: any ShardClient
    ) async throws(ShardError) -> (source: [SlotDigest], target: [SlotDigest]) {
        let (source, least) = try source()
        async let found = answer(client, .digest(request))
        async let wanted = answer(source, shard.guarded(.digest(request), least))
        let (one, other) = (await wanted, await found)
        guard case .digest(let source) = try one.get(), case .digest(let target) = try other.get() else {
            throw .badRequest("the answer does not fit a question for digests")
        }
        guard source.count == request.slots.count, target.count == source.count else {
            throw .badRequest("the digests do not fit the question")
        }
        return (source, target)
    }
}
