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

    private let slots: SlotMap
    let lanes: [CommitLane]
    private let turns = TurnGate(first: 1)
    private let cleaning = Mutex(Cleaning())
    private let planted: Set<PlantedFault>

    init(slots: SlotMap, lanes: [CommitLane], planted: Set<PlantedFault> = []) {
        self.planted = planted
        self.slots = slots
        self.lanes = lanes
    }

    /// Returns when the batch is durable everywhere.
    ///
    /// - Throws: the error that ends the leader's term.
    func commit(_ decided: Sequencer.Decided) async throws(ShardError) {
        guard !decided.isEmpty else { return try await settle(decided) }
        let parts = RowRouter(slots: slots).route(decided.writes)
        var intent: (shard: Int, key: StoreKey)?
        if lanes.count > 1, !planted.contains(.skipIntent) {
            let place = intentPlace(decided.last)
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
            lanes[place.shard].enqueue(writer, through: .zero, receipt: receipt)
            do throws(ShardError) {
                try await receipt.wait()
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
        try await receipt.wait()
        if let intent { cleaning.withLock { $0.finished.append(intent) } }
    }

    /// Lets a batch go that writes nothing, such as one of repetitions.
    ///
    /// What it answers may have been decided by a batch that is still on its way, and may be lost with it: then it
    /// waits behind that batch in every lane.
    private func settle(_ decided: Sequencer.Decided) async throws(ShardError) {
        guard decided.leansOnOthers else { return turns.pass(decided.ticket) }
        await turns.wait(decided.ticket)
        let receipt = CommitReceipt(parts: lanes.count)
        for lane in lanes { lane.enqueue(OperationWriter(), through: .zero, receipt: receipt) }
        turns.pass(decided.ticket)
        try await receipt.wait()
    }

    /// Ends all lanes: nothing more reaches a shard in this term.
    func end(_ error: ShardError) {
        for lane in lanes { lane.end(error) }
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
        for part in parts {
            lanes[Int(part.shard.rawValue)].enqueue(part.operations, through: through, receipt: receipt)
        }
        return receipt
    }

    private func intentPlace(_ last: Sequence) -> (shard: Int, key: StoreKey) {
        let shard = cleaning.withLock { cleaning in
            defer { cleaning.nextShard = (cleaning.nextShard + 1) % lanes.count }
            return cleaning.nextShard
        }
        return (shard, IntentRow.key(on: ShardID(UInt16(shard)), slots: slots, last: last))
    }
}
