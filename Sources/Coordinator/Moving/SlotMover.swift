import Identifiers
import Matching
import ShardProtocol
import Locks
import Topology

/// Carries out the moves of the cluster map, one after another, while this node leads.
///
/// While the source of one keeps its slots for those who ask by the map before, the next one goes on.
///
/// What is done is in the map; the mover itself remembers nothing that it could not find out again. A step that changes
/// the map is taken only after both shards have said that they still take this leader's writes, and only if the map is
/// still the one that was read before that: see DESIGN.md.
struct SlotMover: Sendable {
    let fanOut: FanOut
    let commit: Commit
    let control: any ControlPlaneClient
    let epoch: Epoch
    /// Makes of a client one that sends nothing once the lease may be over.
    let leased: @Sendable (any ShardClient) -> any ShardClient
    let limits: CoordinatorLimits
    let clock: any CoordinatorClock
    let planted: Set<PlantedFault>
    let progress = MoveProgress()

    /// Works until the task is cancelled.
    ///
    /// - Throws: what ends the term.
    func run() async throws(ShardError) {
        let graces = MoveGraces()
        let outcome = await withTaskGroup(of: Void.self) { tasks -> Result<Void, ShardError> in
            defer { tasks.cancelAll() }
            var cleaned: Set<UInt64> = []
            while !Task.isCancelled {
                do throws(MoveInterruption) {
                    let stored = try await map()
                    for move in graces.begin(stored.map.moves) {
                        tasks.addTask {
                            if !planted.contains(.skipGrace) { await rest(limits.moveGrace) }
                            graces.end(move)
                        }
                    }
                    try await step(stored, graces, &cleaned)
                } catch .ended(let error) {
                    return .failure(error)
                } catch {
                    progress.note(error)
                }
                await clock.sleep(limits.movePause)
            }
            return .success(())
        }
        try outcome.get()
    }

    /// Cleans up behind a move that was given up, or takes one that may go on a step further.
    private func step(
        _ stored: StoredMap,
        _ graces: MoveGraces,
        _ cleaned: inout Set<UInt64>
    ) async throws(MoveInterruption) {
        for move in stored.map.moves where move.phase == .aborted && !cleaned.contains(move.id) {
            try await cleanUp(behind: move, stored, &cleaned)
        }
        guard let move = graces.next(of: stored.map.moves) else { return }
        progress.begin(move, now: clock.milliseconds())
        switch move.phase {
        case .planned:
            try await open(move.target, stored)
            // What an earlier attempt may have left: a posting there must have its feature row beside it.
            try await drop(move, at: move.target)
            try await turn(move, into: .copying)
        case .copying:
            try await open(move.target, stored)
            try await copy(move)
            try await turn(move, into: .caughtUp)
        case .caughtUp:
            try await turn(move, into: .flipped)
        case .flipped:
            // Whoever asked by the map before has had an answer, or gave up.
            fanOut.table.release(move.id)
            await commit.gate.settle()
            try await drop(move, at: move.source)
            try await turn(move, into: .dropped)
        case .dropped, .aborted: break
        }
    }

    /// Removes what a move that was given up has left on its target; tried again while that does not answer.
    private func cleanUp(
        behind move: SlotMove,
        _ stored: StoredMap,
        _ cleaned: inout Set<UInt64>
    ) async throws(MoveInterruption) {
        guard stored.map.group(move.target) != nil else { return }
        do throws(MoveInterruption) {
            try await open(move.target, stored)
            // What was sent by the map before is durable then, and is cleaned up as well.
            await commit.gate.settle()
            try await drop(move, at: move.target)
            cleaned.insert(move.id)
        } catch .later(let reason) {
            progress.note(.later(reason))
        }
    }

    // MARK: The map

    private func map() async throws(MoveInterruption) -> StoredMap {
        do throws(TopologyError) {
            let stored = try await control.clusterMap()
            fanOut.table.install(stored)
            return stored
        } catch {
            throw .later(error.description)
        }
    }

    /// The move as it is now.
    private func current(_ id: UInt64) async throws(MoveInterruption) -> (stored: StoredMap, move: SlotMove) {
        let stored = try await map()
        guard let move = stored.map.moves.first(where: { $0.id == id }) else {
            throw .later("move \(id) is not in the map any more")
        }
        return (stored, move)
    }

    /// Takes a move into its next phase, unless somebody holds it or gave it up in the meantime.
    private func turn(_ move: SlotMove, into phase: SlotMove.Phase) async throws(MoveInterruption) {
        let (stored, now) = try await current(move.id)
        guard now.phase == move.phase, !now.isPaused else { return }
        // If this leader was followed by another one before the map was read, a shard says so now; if one follows
        // later, it changes the map and this change is refused.
        try await shards { () throws(ShardError) in try await commit.mark([move.source, move.target]) }
        guard control.holds(epoch) || planted.contains(.ignoreLease) else {
            throw .ended(.staleEpoch(highest: epoch.next))
        }
        do throws(TopologyError) {
            let next = try stored.map.changing { map in
                guard let place = map.moves.firstIndex(where: { $0.id == move.id }) else { return }
                map.moves[place].phase = phase
                guard phase == .flipped else { return }
                for slot in move.slots.joined() { map.owners[slot] = move.target }
            }
            let revision = try await control.replace(next, expecting: stored.revision)
            fanOut.table.install(StoredMap(map: next, revision: revision))
        } catch {
            throw .later(error.description)
        }
        // Everything that was sent by the map before is durable when the next step begins.
        await commit.gate.settle()
    }

    /// Makes sure that writes can reach a shard that held nothing when the term began.
    private func open(_ shard: ShardID, _ stored: StoredMap) async throws(MoveInterruption) {
        guard !commit.lanes.has(shard) else { return }
        do throws(ShardError) {
            let client = try fanOut.routing.client(shard)
            let status = try await leased(client).fence(epoch)
            guard try await client.install(rules: fanOut.rules.encoded()) == fanOut.rules.version else {
                throw .badRequest("\(shard) reads the rule set differently: the programs do not fit together")
            }
            commit.lanes.open(shard, client, from: Recovery.Mark(through: status.through))
        } catch .staleEpoch(let highest) {
            throw .ended(.staleEpoch(highest: highest))
        } catch {
            // It never held anything: its absence need not stop anybody.
            throw .later(WritePath.words(error))
        }
    }

    // MARK: Rows

    /// Copies the slots, then looks at all of them once more: only the digests of both ends say that they are there.
    private func copy(_ move: SlotMove) async throws(MoveInterruption) {
        if planted.contains(.dropBeforeFlip) { try await drop(move, at: move.source) }
        let copier = SlotCopier(
            fanOut: fanOut,
            commit: commit,
            source: move.source,
            target: move.target,
            pace: pace,
            ignoresWrites: planted.contains(.copyOverWrites)
        )
        let passes = planted.contains(.flipUnverified) ? 0 : 2
        for _ in 0..<passes {
            try await eachPortion(of: move) { slots throws(MoveInterruption) in
                let rate = try await goOn(move)
                var (bytes, rows) = (0, UInt64(0))
                var isEqual = false
                // Both ends get every write: what was equal once stays so.
                while !isEqual {
                    try await patiently(move) { () throws(ShardError) in
                        let outcome = try await copier.settle(slots)
                        bytes += outcome.bytes
                        rows = outcome.rows
                        isEqual = outcome.isEqual
                    }
                }
                progress.settled(slots.count, bytes: bytes)
                await hold(bytes, rate)
                return rows
            }
        }
    }

    /// Removes a move's slots from a shard that neither answers for them nor is written to under them.
    private func drop(_ move: SlotMove, at shard: ShardID) async throws(MoveInterruption) {
        let dropper = SlotDropper(fanOut: fanOut, commit: commit, shard: shard, pace: pace)
        try await eachPortion(of: move) { slots throws(MoveInterruption) in
            guard !Task.isCancelled else { throw .later("this node is stopping") }
            guard commit.lanes.has(shard) else { throw .later("there is no way to \(shard)") }
            var outcome = SlotDropper.Outcome()
            try await patiently(move) { () throws(ShardError) in
                outcome = try await dropper.drop(slots, evenIfOwned: planted.contains(.dropBeforeFlip))
            }
            progress.dropped(slots.count, bytes: outcome.bytes)
            await hold(outcome.bytes, move.bytesPerSecond)
            return outcome.rows
        }
    }

    /// Sleeps in short pieces, so that a term that ends is not held up.
    private func rest(_ duration: Duration) async {
        var left = duration
        while left > .zero, !Task.isCancelled {
            await clock.sleep(min(left, limits.retryPauseMost))
            left -= limits.retryPauseMost
        }
    }

    /// Does something with all slots of a move, in portions that a shard can read without keeping others waiting; it
    /// returns how many rows and postings the slots hold.
    private func eachPortion(
        of move: SlotMove,
        _ work: (Range<Int>) async throws(MoveInterruption) -> UInt64
    ) async throws(MoveInterruption) {
        var portion = SlotPortion(most: limits.moveSlots, rows: limits.moveRows)
        for range in move.slots {
            var left = range
            while !left.isEmpty {
                let slots = portion.next(of: left)
                portion.note(try await work(slots), of: slots.count)
                left = slots.upperBound..<range.upperBound
            }
        }
    }

    private var pace: MovePace { MovePace(gate: commit.gate, clock: clock) }

    /// Sleeps for as long as so many bytes may take.
    private func hold(_ bytes: Int, _ rate: UInt64) async {
        guard rate > 0, bytes > 0 else { return }
        await clock.sleep(.microseconds(Int64(bytes) * 1_000_000 / Int64(clamping: rate)))
    }

    /// Whether a move is still to be carried on; how fast.
    private func goOn(_ move: SlotMove) async throws(MoveInterruption) -> UInt64 {
        guard !Task.isCancelled else { throw .later("this node is stopping") }
        // The routing follows the control plane by itself; asking it for each slot would be a round trip too many.
        guard let now = fanOut.routing.map.moves.first(where: { $0.id == move.id }), now.phase == move.phase else {
            throw .later("move \(move.id) was given up")
        }
        guard !now.isPaused || now.phase.isOver else { throw .later("move \(move.id) is paused") }
        return now.bytesPerSecond
    }

    /// Repeats a portion of a move until the shards answer; both are needed, and a move can wait.
    private func patiently(
        _ move: SlotMove,
        _ body: () async throws(ShardError) -> Void
    ) async throws(MoveInterruption) {
        while true {
            do throws(MoveInterruption) {
                return try await shards(body)
            } catch .later(let reason) {
                progress.note(.later(reason))
                await clock.sleep(limits.retryPauseMost)
                _ = try await goOn(move)
            }
        }
    }

    /// Tells a shard that does not answer for a while from what ends the term.
    private func shards<Result>(
        _ body: () async throws(ShardError) -> Result
    ) async throws(MoveInterruption) -> Result {
        do throws(ShardError) {
            return try await body()
        } catch .unavailable(let text) {
            throw .later("a shard does not answer: \(text)")
        } catch .timeout {
            throw .later("a shard did not answer in time")
        } catch {
            throw .ended(error)
        }
    }
}

/// Why a move does not go on right now.
enum MoveInterruption: Error {
    /// Something passes; the next attempt begins with the map.
    case later(String)
    /// The term is over.
    case ended(ShardError)
}
