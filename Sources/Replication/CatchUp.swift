import Identifiers
import ShardProtocol
import Topology

/// Brings a replica that was out back into sync, while the group goes on writing.
///
/// 1. The replica is fenced, and from then on gets every commit that the others get, in the same order.
/// 2. Digests tell which slots differ. A slot whose digests agree is done, though writes go on between the two
///    readings: what was written since the first step is on both, and what was not is what the digests compare.
/// 3. Slots that differ are walked page by page; what is missing, different or too much is put right. A page is read
///    on both sides and written in one turn of the group, so no commit comes in between.
/// 4. In a turn of its own each of these slots must have equal digests; then the replica enters the set.
struct CatchUp {
    let shard: ReplicatedShard
    let epoch: Epoch
    let name: String

    private struct Result {
        var slots = 0
        var operations = 0
    }

    /// Does it.
    ///
    /// - Throws: `ShardError`; the replica is out as before.
    func run() async throws(ShardError) {
        guard let replica = shard.replica(name) else { return }
        let client = shard.client(replica)
        _ = try await client.status()
        try await mark(.catchingUp)
        shard.observe(.catchingUp(replica: name))
        do throws(ShardError) {
            try await begin(client)
            var result = Result()
            if !shard.planted.contains(.returnWithoutDigest) {
                try await install(client)
                try await compare(client, &result)
            }
            try await enter(client)
            shard.count { counters in
                counters.returned += 1
                counters.slotsLeft = 0
            }
            shard.observe(.returned(replica: name, slots: result.slots, operations: result.operations))
        } catch {
            await shard.turn.run { shard.withState { $0.term?.catching = nil } }
            shard.count { counters in
                counters.gaveUp += 1
                counters.slotsLeft = 0
            }
            try? await mark(.out)
            throw error
        }
    }

    /// Notes in the map what the replica is; does nothing where it is in sync.
    private func mark(_ wanted: Replica.State) async throws(ShardError) {
        try await shard.turn.run { () throws(ShardError) in
            _ = try shard.leading(epoch)
            try await shard.changeGroup { (group: inout ShardGroup) throws(ShardError) in
                guard let place = group.replicas.firstIndex(where: { $0.name == name }) else {
                    throw .unavailable("\(name) is not in the cluster map any more")
                }
                let state = group.replicas[place].state
                guard state != .inSync, state != wanted else { return false }
                group.replicas[place].state = wanted
                return true
            }
        }
    }

    private func begin(_ client: any ShardClient) async throws(ShardError) {
        try await shard.turn.run { () throws(ShardError) in
            _ = try shard.leading(epoch)
            _ = try await client.fence(epoch)
            let tail = try await client.tail(withOperations: false)
            shard.withState { state in
                state.term?.catching = GroupTerm.Catching(name: name, acked: tail.position.number)
            }
        }
    }

    private func install(_ client: any ShardClient) async throws(ShardError) {
        let (source, least) = try source()
        guard case .ruleSets(let sets) = try await ask(source, shard.guarded(.ruleSets, least)) else {
            throw .badRequest("the answer does not fit a question for rule sets")
        }
        for rules in sets { _ = try await client.install(rules: rules) }
    }

    // MARK: Comparing

    private func compare(_ client: any ShardClient, _ result: inout Result) async throws(ShardError) {
        var differing: [Slot] = []
        let step = min(shard.policy.digestSlots, DigestRequest.slotLimit)
        shard.count { $0.slotsLeft = UInt64(Slot.count) }
        for first in stride(from: 0, to: Slot.count, by: step) {
            guard let slot = Slot(first) else { continue }
            differing += try await differences(in: DigestRequest(first: slot, count: step), client)
            shard.count { $0.slotsLeft = UInt64(max(Slot.count - first - step, 0)) }
        }
        result.slots = differing.count
        shard.count { $0.slotsLeft = UInt64(differing.count) }
        for _ in 0..<shard.policy.repairRounds where !differing.isEmpty {
            for range in CatchUp.ranges(of: differing) { try await repair(range, client, &result) }
            // In a turn of the group nothing changes between the two readings.
            var again: [Slot] = []
            for range in CatchUp.ranges(of: differing, atMost: step) {
                let request = DigestRequest(first: range.lowerBound, count: range.length)
                again += try await shard.turn.run { () throws(ShardError) in
                    try await differences(in: request, client)
                }
            }
            differing = again
            shard.count { $0.slotsLeft = UInt64(again.count) }
        }
        guard differing.isEmpty else {
            throw .storage("slot \(differing[0]) of \(name) still differs after it was copied")
        }
    }

    private func differences(
        in request: DigestRequest,
        _ client: any ShardClient
    ) async throws(ShardError) -> [Slot] {
        let (source, least) = try source()
        guard case .digest(let wanted) = try await ask(source, shard.guarded(.digest(request), least)),
            case .digest(let found) = try await ask(client, .digest(request))
        else { throw .badRequest("the answer does not fit a question for digests") }
        guard wanted.count == found.count else { throw .badRequest("the digests do not fit the question") }
        return request.slots.enumerated().filter { wanted[$0.offset] != found[$0.offset] }.map(\.element)
    }

    /// Adjacent slots as ranges, so that a replica that was wiped is filled by full pages.
    static func ranges(of slots: [Slot], atMost length: Int = Slot.count) -> [ClosedRange<Slot>] {
        var ranges: [ClosedRange<Slot>] = []
        for slot in slots {
            if let last = ranges.last, last.upperBound.rawValue + 1 == slot.rawValue, last.length < length {
                ranges[ranges.count - 1] = last.lowerBound...slot
            } else {
                ranges.append(slot...slot)
            }
        }
        return ranges
    }

    // MARK: Copying

    private func repair(
        _ slots: ClosedRange<Slot>,
        _ client: any ShardClient,
        _ result: inout Result
    ) async throws(ShardError) {
        let through = slots.upperBound.lastHash
        for table in StoreTable.allCases {
            var from: StoreKey? = StoreKey(slots.lowerBound.firstHash)
            while let start = from {
                let request = ScanRequest(table: table, from: start, through: through, limit: shard.policy.pageRows)
                from = try await page(client, &result) { (source, least) throws(ShardError) in
                    guard case .scan(let wanted) = try await ask(source, shard.guarded(.scan(request), least)),
                        case .scan(let found) = try await ask(client, .scan(request))
                    else { throw .badRequest("the answer does not fit a scan") }
                    return PageDifference(table, source: wanted, target: found)
                }
            }
        }
        var from: StoreKey? = StoreKey(slots.lowerBound.firstHash)
        while let start = from {
            let request = PostingsRequest(
                from: start.hash,
                record: RecordID(start.sub),
                through: through,
                limit: 4 * shard.policy.pageRows
            )
            from = try await page(client, &result) { (source, least) throws(ShardError) in
                guard case .postings(let wanted) = try await ask(source, shard.guarded(.postings(request), least)),
                    case .postings(let found) = try await ask(client, .postings(request))
                else { throw .badRequest("the answer does not fit a question for postings") }
                return PageDifference(source: wanted, target: found)
            }
        }
    }

    /// Reads one page on both sides and writes the difference, in one turn of the group.
    ///
    /// - Returns: where the next page begins.
    private func page(
        _ client: any ShardClient,
        _ result: inout Result,
        _ read: (any ShardClient, StorePosition) async throws(ShardError) -> PageDifference
    ) async throws(ShardError) -> StoreKey? {
        let difference = try await shard.turn.run { () throws(ShardError) in
            let (source, least) = try source()
            let difference = try await read(source, least)
            guard difference.operations.count > 0 else { return difference }
            try await write(difference.operations.bytes, to: client)
            return difference
        }
        result.operations += difference.operations.count
        shard.count { counters in
            counters.copied += UInt64(difference.operations.count)
            counters.copiedBytes += UInt64(difference.operations.bytes.count)
        }
        return difference.next
    }

    /// Writes to the replica alone, between two commits.
    private func write(_ operations: [UInt8], to client: any ShardClient) async throws(ShardError) {
        let term = try shard.leading(epoch)
        guard let catching = term.catching, catching.name == name else { throw .unavailable("the catch-up was ended") }
        // A caller's message that only some replicas have may come again under its old number.
        guard term.pending == nil else { throw .unavailable("a commit is not on all replicas yet") }
        let number = shard.withState { $0.term?.nextNumber() ?? 0 }
        let message = CommitRequest(epoch: epoch, number: number, through: .zero, operations: operations)
        let least = StorePosition(epoch, catching.acked)
        try shard.mayWrite(epoch)
        guard case .committed = try await ask(client, shard.guarded(.commit(message), least)) else {
            throw .badRequest("the answer does not fit a commit")
        }
        shard.withState { $0.term?.catching?.acked = number }
    }

    /// Asks again where an answer was lost: one lost message must not cost a whole catch-up.
    private func ask(_ client: any ShardClient, _ request: ShardRequest) async throws(ShardError) -> ShardAnswer {
        for pause in shard.policy.catchUpPauses {
            do throws(ShardError) {
                return try await client.call(request)
            } catch {
                switch error {
                case .unavailable, .timeout: await shard.clock.sleep(pause)
                default: throw error
                }
            }
        }
        return try await client.call(request)
    }

    /// A replica in sync to copy from.
    private func source() throws(ShardError) -> (any ShardClient, StorePosition) {
        let term = try shard.leading(epoch)
        if let failure = term.catching?.failure { throw failure }
        guard let name = term.inSync.first, let replica = shard.replica(name) else {
            throw .unavailable("no replica is in sync")
        }
        return (shard.client(replica), term.guarding)
    }

    // MARK: Entering

    /// Enters the set, at a moment when the replica stands where the others do.
    private func enter(_ client: any ShardClient) async throws(ShardError) {
        try await shard.turn.run { () throws(ShardError) in
            // Once more than needed, so that its last but one message too is the group's and not the catch-up's.
            try await level()
            for _ in 0..<shard.policy.mapAttempts {
                // The map first, then the replicas: a newer leader fences them, then replaces the map. So either they
                // refuse, or the map has changed.
                var (group, stored) = try await shard.currentGroup()
                try await level()
                guard let place = group.replicas.firstIndex(where: { $0.name == name }) else {
                    throw .unavailable("\(name) is not in the cluster map any more")
                }
                guard group.replicas[place].state == .catchingUp else {
                    throw .unavailable("\(name) was put out of the group meanwhile")
                }
                group.replicas[place].state = .inSync
                if try await shard.replace(stored, with: group) { return }
            }
            throw .unavailable("the cluster map changes too often")
        }
    }

    /// Brings all to one position by a message without operations.
    private func level() async throws(ShardError) {
        let group = try await shard.currentGroup().group
        let term = try shard.leading(epoch)
        guard term.pending == nil else { throw .unavailable("a commit is not on all replicas yet") }
        let number = shard.withState { $0.term?.nextNumber() ?? 0 }
        let message = CommitRequest(epoch: epoch, number: number, through: term.through, operations: [])
        for outcome in await shard.send(message, to: group, term) {
            if let failure = outcome.failure { throw failure }
        }
        let now = try shard.leading(epoch)
        if let failure = now.catching?.failure { throw failure }
        guard now.catching?.acked == number else { throw .unavailable("the catch-up was ended") }
        shard.withState { $0.term?.acknowledge(number, through: term.through) }
    }
}

extension ClosedRange<Slot> {
    /// How many slots.
    fileprivate var length: Int { Int(upperBound.rawValue - lowerBound.rawValue) + 1 }
}
