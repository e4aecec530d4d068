import Identifiers
import Locks

/// The sequencer behind a lock, with batches let in by turn.
///
/// Deciding a batch takes a few microseconds a record and never waits for anything, so a lock serves better than a
/// hop to an actor.
final class LeaderSequencer: Sendable {
    private let core: Mutex<Sequencer>
    private let turns = TurnGate(first: 1)

    init(_ core: sending Sequencer) { self.core = Mutex(core) }

    /// Opens a batch; called in the order of admission.
    func open() -> UInt64 { core.withLock { $0.open() } }

    /// Decides a batch when all before it are decided.
    func decide(
        _ writes: [PreparedWrite],
        ticket: UInt64,
        knowledge: Sequencer.Knowledge,
        at now: UInt64
    ) async -> Sequencer.Decided {
        await turns.wait(ticket)
        let decided = core.withLock { $0.decide(writes, ticket: ticket, knowledge: knowledge, at: now) }
        turns.pass(ticket)
        return decided
    }

    /// The last write of which it is known that it and all before it are durable.
    var durable: Sequence { core.withLock { $0.durable } }

    /// Whether no batch is under way.
    var isIdle: Bool { core.withLock { $0.isIdle } }

    /// Decides by another plan from now on; only while no batch is under way.
    func adopt(_ plan: RulePlan) { core.withLock { $0.adopt(plan) } }

    /// Records that wait to be searched for.
    var unsearched: Set<RecordID> { core.withLock { $0.marks.waiting } }

    /// Records that were found waiting when the term began.
    func load(unsearched records: [RecordID]) { core.withLock { $0.marks.load(records) } }

    /// Records are about to be taken unsearched; whether each was not before, false for what is none.
    func enter(_ records: [RecordID?]) -> [Bool] {
        core.withLock { core in records.map { record in record.map { core.marks.enter($0) } ?? false } }
    }

    /// A record is taken and durable, or not taken.
    func settle(_ record: RecordID, isTaken: Bool) { core.withLock { $0.marks.settle(record, isTaken: isTaken) } }

    /// A record does not wait any more.
    func forget(unsearched record: RecordID) { core.withLock { $0.marks.remove(record) } }

    /// Lets a batch go that could not learn enough to be decided.
    func giveUp(_ ticket: UInt64) {
        turns.pass(ticket)
        core.withLock { $0.close(ticket) }
    }

    /// A batch is durable through its last write.
    func close(_ ticket: UInt64, last: Sequence) { core.withLock { $0.close(ticket, last: last) } }
}
