import Identifiers
import Locks
import ShardProtocol
import Topology

/// Makes decided batches durable on every shard they touch, all or nothing, in the order of the sequencer.
///
/// A batch that touches several shards is first written whole, as an *intent*, to one of them. From then on a new
/// leader would finish it. Then its parts go to their shards. Since every lane keeps the order and every part says
/// through which sequence its shard is complete, recovery knows exactly which parts of which intents are missing.
final class Commit: Sendable {
    private struct Cleaning {
        var finished: [(shard: Int, key: StoreKey)] = []
        var nextShard = 0
    }

    let table: RoutingTable
    let lanes: CommitLanes
    /// Where commits and copies of moving slots meet.
    let gate = CopyGate()
    /// Where a backup hears of what becomes durable.
    let tap: CommitTap
    private let turns = TurnGate(first: 1)
    private let cleaning = Mutex(Cleaning())
    /// The last write that was sent; held while its parts are lined up, so that a mark cannot get in between.
    private let sent: Mutex<Sequence>
    private let planted: Set<PlantedFault>

    init(table: RoutingTable, lanes: CommitLanes, after last: Sequence, planted: Set<PlantedFault> = []) {
        self.planted = planted
        self.table = table
        self.lanes = lanes
        sent = Mutex(last)
        tap = CommitTap(after: last)
    }

    /// The last write of which a part may have reached a shard.
    var lastSent: Sequence { sent.withLock { $0 } }

    /// Returns when the batch is durable everywhere.
    ///
    /// - Throws: the error that ends the leader's term.
    func commit(_ decided: Sequencer.Decided) async throws(ShardError) {
        guard !decided.isEmpty else { return try await settle(decided) }
        let pass = gate.enter(decided.writes)
        defer { gate.leave(pass) }
        let routing = table.current
        let parts = RowRouter(routing: routing).route(decided.writes)
        var intent: (shard: Int, key: StoreKey)?
        if routing.groups.count > 1, !planted.contains(.skipIntent) {
            let place = intentPlace(decided.last, routing)
            let row = IntentRow(first: decided.first, last: decided.last, parts: parts)
            let encoded = row.encoded()
            guard encoded.count <= OperationWriter.valueLimit else {
                let error = ShardError.storage(
                    "a batch of \(encoded.count) bytes is more than a shard can store at once"
                )
                end(error)
                turns.pass(decided.ticket)
                throw error
            }
            var writer = OperationWriter(capacity: encoded.count + 64)
            writer.put(.intent, place.key, encoded)
            let receipt = CommitReceipt(parts: 1)
            lanes.enqueue(writer, to: place.shard, through: .zero, receipt: receipt)
            do throws(ShardError) {
                if !planted.contains(.sendBeforeIntent) { try await receipt.wait() }
            } catch {
                // What comes after a lost batch must not reach any shard: recovery relies on there being no gap.
                end(error)
                turns.pass(decided.ticket)
                throw error
            }
            intent = place
        }
        if !planted.contains(.ignoreTurns) { await turns.wait(decided.ticket) }
        let receipt = send(parts, through: decided.last)
        turns.pass(decided.ticket)
        if let intent, planted.contains(.dropIntentEarly) { cleaning.withLock { $0.finished.append(intent) } }
        try await receipt.wait()
        tap.completed(decided)
        if let intent { cleaning.withLock { $0.finished.append(intent) } }
    }

    /// Lets a batch go that writes nothing, such as one of repetitions.
    ///
    /// What it answers may have been decided by a batch that is still on its way, and may be lost with it: then it
    /// waits behind that batch in every lane.
    private func settle(_ decided: Sequencer.Decided) async throws(ShardError) {
        guard decided.leansOnOthers, !planted.contains(.answerUndurable) else { return turns.pass(decided.ticket) }
        await turns.wait(decided.ticket)
        let all = lanes.all
        let receipt = CommitReceipt(parts: all.count)
        for lane in all { lane.enqueue(OperationWriter(), through: .zero, receipt: receipt) }
        turns.pass(decided.ticket)
        try await receipt.wait()
    }

    /// Ends all lanes: nothing more reaches a shard in this term.
    func end(_ error: ShardError) {
        lanes.end(error)
    }

    /// Lets a batch go that was not decided.
    func skip(_ ticket: UInt64) { turns.pass(ticket) }

    private func send(_ parts: [(shard: ShardID, operations: OperationWriter)], through: Sequence) -> CommitReceipt {
        var parts = parts
        // Intents that are done ride along with whatever goes to their shard next.
        cleaning.withLock { cleaning in
            cleaning.finished.removeAll { done in
                guard let place = parts.firstIndex(where: { Int($0.shard.rawValue) == done.shard }) else {
                    return false
                }
                parts[place].operations.delete(.intent, done.key)
                return true
            }
        }
        let receipt = CommitReceipt(parts: parts.count)
        sent.withLock { sent in
            sent = max(sent, through)
            for part in parts {
                lanes.enqueue(part.operations, to: Int(part.shard.rawValue), through: through, receipt: receipt)
            }
        }
        return receipt
    }

    /// Intents go round among the owners: a shard that is being drained shall not keep any.
    private func intentPlace(_ last: Sequence, _ routing: Routing) -> (shard: Int, key: StoreKey) {
        let owners = routing.owningGroups
        let turn = cleaning.withLock { cleaning in
            defer { cleaning.nextShard += 1 }
            return cleaning.nextShard
        }
        let shard = owners[turn % owners.count]
        return (Int(shard.rawValue), IntentRow.key(on: shard, in: routing.map, last: last))
    }
}

/// What is written beside the batches.
extension Commit {
    /// Writes rows that no batch writes, each of them whole by itself: without an intent and without a number.
    ///
    /// - Throws: the error that ends the leader's term.
    func keep(_ writes: [RowWrite]) async throws(ShardError) {
        let pass = gate.enter(writes)
        defer { gate.leave(pass) }
        let parts = RowRouter(routing: table.current).route(writes)
        let receipt = CommitReceipt(parts: parts.count)
        for part in parts {
            lanes.enqueue(part.operations, to: Int(part.shard.rawValue), through: .zero, receipt: receipt)
        }
        try await receipt.wait()
    }
}

/// What a move of slots writes besides the batches.
extension Commit {
    /// Writes copied rows, or removes what was dropped, behind all that is lined up for a shard.
    ///
    /// - Parameters:
    ///   - shard: who gets it.
    ///   - watch: the watch of the slots.
    ///   - operations: given what was written to the watched slots meanwhile; called while no commit can enter.
    /// - Returns: how many bytes were written.
    /// - Throws: the error that ends the leader's term.
    func copy(
        to shard: ShardID,
        _ watch: UInt64,
        _ operations: (CopyGate.Touched?) -> OperationWriter
    ) async throws(ShardError) -> Int {
        let receipt = CommitReceipt(parts: 1)
        var bytes = 0
        gate.seal(watch) { touched in
            let operations = operations(touched)
            bytes = operations.bytes.count
            lanes.enqueue(operations, to: Int(shard.rawValue), through: .zero, receipt: receipt)
        }
        try await receipt.wait()
        return bytes
    }

    /// Proves that this node may still write to some shards, and tells them that they have everything so far.
    ///
    /// A shard that gets no more parts, since it has given up its slots, is not asked at the next recovery; what it
    /// knew of the last write is then known to those that have its slots.
    func mark(_ shards: [ShardID]) async throws(ShardError) {
        let receipt = CommitReceipt(parts: shards.count)
        let done = cleaning.withLock { cleaning in
            defer { cleaning.finished.removeAll { done in shards.contains { Int($0.rawValue) == done.shard } } }
            return cleaning.finished
        }
        sent.withLock { sent in
            for shard in shards {
                var operations = OperationWriter()
                for intent in done where intent.shard == Int(shard.rawValue) { operations.delete(.intent, intent.key) }
                // An empty message is not sent: something must travel.
                operations.delete(.intent, StoreKey(0))
                lanes.enqueue(operations, to: Int(shard.rawValue), through: sent, receipt: receipt)
            }
        }
        try await receipt.wait()
    }
}
