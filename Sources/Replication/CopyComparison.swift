import Identifiers
public import ShardProtocol
import Topology

/// Holds the replicas in sync against each other, slot by slot, while the group goes on writing.
///
/// They took the same messages in the same order, so in a turn of the group their digests are equal. What differs was
/// damaged on one of them: a disk, memory, or a fault of the program.
struct CopyComparison {
    /// A replica that differs from the others.
    struct Deviant: Equatable {
        var name: String
        var slots: [Slot]
    }

    let shard: ReplicatedShard
    let epoch: Epoch
    /// Between two questions.
    let rest: Duration

    /// Compares all slots.
    ///
    /// - Returns: who differs, and where; the one with the most slots first.
    /// - Throws: `ShardError` where the comparison cannot go on; it begins anew another time.
    func run() async throws(ShardError) -> [Deviant] {
        var found: [String: [Slot]] = [:]
        var survey = SlotSurvey()
        var next = 0
        while let first = Slot(next), !Task.isCancelled {
            let count = survey.step(rows: shard.policy.digestRows, first: shard.policy.digestSlots)
            let window = DigestRequest(first: first, count: count)
            let answers = try await shard.turn.run { () throws(ShardError) in try await digests(window) }
            guard answers.count > 1 else { return [] }
            survey.note(window, source: answers[0].digests, target: answers[0].digests)
            for (name, place) in Self.deviants(answers) { found[name, default: []].append(window.slots[place]) }
            next += count
            await shard.clock.sleep(rest)
        }
        return found.map { Deviant(name: $0.key, slots: $0.value) }
            .sorted { ($1.slots.count, $0.name) < ($0.slots.count, $1.name) }
    }

    /// Whose digest of which slot is not the right one.
    ///
    /// Right is what most replicas have; of as many on each side what holds more, since damage takes away; and else
    /// what the first one has.
    static func deviants(_ answers: [(name: String, digests: [SlotDigest])]) -> [(name: String, place: Int)] {
        guard let first = answers.first else { return [] }
        var deviants: [(name: String, place: Int)] = []
        for place in first.digests.indices {
            let all = answers.map { $0.digests[place] }
            func rank(_ digest: SlotDigest) -> (Int, UInt64) {
                (all.count { $0 == digest }, digest.rows + digest.postings)
            }
            var right = all[0]
            for digest in all where rank(digest) > rank(right) { right = digest }
            for (index, digest) in all.enumerated() where digest != right {
                deviants.append((answers[index].name, place))
            }
        }
        return deviants
    }

    private func digests(_ window: DigestRequest) async throws(ShardError) -> [(name: String, digests: [SlotDigest])] {
        let term = try shard.leading(epoch)
        guard term.pending == nil else { throw .unavailable("a commit is not on all replicas yet") }
        var answers: [(name: String, digests: [SlotDigest])] = []
        for name in term.inSync {
            guard let replica = shard.replica(name) else { continue }
            let question = shard.guarded(.digest(window), term.guarding)
            guard case .digest(let digests) = try await shard.client(replica).call(question),
                digests.count == window.slots.count
            else { throw .badRequest("the answer does not fit a question for digests") }
            answers.append((name, digests))
        }
        return answers
    }
}

extension ReplicatedShard {
    /// Compares the replicas in sync; one that differs leaves the set, and comes back mended.
    ///
    /// Where more than one differs, or none would be left, nothing is done but told: which of them is right is for
    /// somebody else to say.
    public func compareCopies(mends: Bool) async throws(ShardError) -> [CopyDifference] {
        try await compareCopies(mends: mends, rest: policy.askedComparisonRest)
    }

    func compareCopies(mends: Bool, rest: Duration) async throws(ShardError) -> [CopyDifference] {
        guard let epoch = withState({ $0.term?.epoch }) else { return [] }
        return try await keeping.run { () throws(ShardError) in
            do throws(ShardError) {
                return try await self.compareCopies(epoch, mends, rest)
            } catch {
                if case .staleEpoch = error { self.standDown(from: epoch) }
                throw error
            }
        }
    }

    private func compareCopies(
        _ epoch: Epoch,
        _ mends: Bool,
        _ rest: Duration
    ) async throws(ShardError) -> [CopyDifference] {
        let deviants = try await CopyComparison(shard: self, epoch: epoch, rest: rest).run()
        for one in deviants {
            count { $0.differed += UInt64(one.slots.count) }
            observe(.differed(replica: one.name, slots: one.slots))
        }
        count { $0.comparisons += 1 }
        let isClear = mends && deviants.count == 1
        if isClear, let one = deviants.first {
            try await turn.run { () throws(ShardError) in
                let reason = ShardError.storage("\(one.slots.count) slots differ from the other replicas")
                try await self.takeOutOfMany(one.name, reason, epoch)
            }
        }
        return deviants.map { one in
            let isOut = isClear && !self.withState { $0.isReadable(one.name, of: id) }
            return CopyDifference(name: one.name, slots: one.slots, isMended: isOut)
        }
    }
}
