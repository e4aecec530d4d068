import Locks
public import ShardProtocol
public import ShardStore

/// A node around the real store core, on a simulated disk: a crash loses what the disk had not synced.
///
/// Given a chance of it, the node also goes down by itself in the middle of an operation of its disk, and comes back when
/// it was asked a few times in vain.
public final class StoreNode: SimulatedNode {
    /// A store that is running.
    struct Running {
        let core: StoreCore
        let log: WriteAheadLog
        var answers: [StoreTicket: ShardAnswer] = [:]
        var nextTicket: UInt64 = 0
        /// A flush that failed and is tried again with the next request.
        var later: FlushJob?
    }

    struct State {
        var running: Running?
        var random: SimulationRandom
        var refusals = 0
        /// Whether it goes down by itself no more.
        var isCalm = false
        var damage: String?
        var disk: SimulatedDisk
        var sorted: SortedState
    }

    /// Requests that a node which went down by itself leaves unanswered before it comes back.
    private static let refusalsBeforeRestart = 5

    private let configuration: StoreConfiguration
    private let meanOperationsToFault: Int?
    private let skipSync: Bool
    private let state: Mutex<State>

    /// Starts an empty node.
    ///
    /// - Parameters:
    ///   - seed: of everything that happens by chance.
    ///   - configuration: the store's bounds; small ones make flushes and new segments frequent.
    ///   - meanOperationsToFault: how many disk operations the node lives through on average; `nil` for all.
    ///   - skipSync: a fault for the checkers to notice: frames are acknowledged before they are synced.
    public init(
        seed: UInt64,
        configuration: StoreConfiguration = StoreNode.smallConfiguration,
        meanOperationsToFault: Int? = nil,
        skipSync: Bool = false
    ) {
        var random = SimulationRandom(seed: seed)
        let disk = SimulatedDisk(seed: random.next(), skipSync: skipSync)
        self.skipSync = skipSync
        self.configuration = configuration
        self.meanOperationsToFault = meanOperationsToFault
        state = Mutex(State(running: nil, random: random, disk: disk, sorted: SortedState(on: disk)))
        state.withLock { start(&$0) }
    }

    /// Why the store does not open any more; the disk works while it opens, so the fault is its own.
    public var damage: String? { state.withLock { $0.damage } }

    /// Bounds under which a few dozen writes fill segments and deltas.
    public static var smallConfiguration: StoreConfiguration {
        var configuration = StoreConfiguration()
        configuration.segmentBytes = 16 << 10
        configuration.freezeBytes = 16 << 10
        configuration.freezeLogBytes = 32 << 10
        configuration.holdBytes = 32 << 10
        return configuration
    }

    /// Handles a request to its end, disk and all.
    public func receive(_ request: ShardRequest) async throws(ShardError) -> ShardAnswer {
        let answer = state.withLock { state -> ShardAnswer in
            if state.running == nil {
                state.refusals += 1
                guard meanOperationsToFault != nil, state.refusals > StoreNode.refusalsBeforeRestart else {
                    return .failure(.unavailable("the node is down"))
                }
                start(&state)
            }
            return handle(request, &state)
        }
        if case .failure(let error) = answer { throw error }
        return answer
    }

    /// Loses what is not synced and answers no more.
    public func crash() async {
        state.withLock { state in
            state.running = nil
            state.refusals = 0
            state.disk.crash()
        }
    }

    /// Goes down and comes back with an empty disk.
    public func wipe() async {
        state.withLock { state in
            state.running = nil
            state.disk = SimulatedDisk(seed: state.random.next(), skipSync: skipSync)
            state.sorted = SortedState(on: state.disk)
            start(&state)
        }
    }

    /// Its disk does not rot.
    public func rot() async {}

    /// Does not go down by itself any more: what is checked then is what it holds.
    public func calm() async {
        state.withLock { state in
            state.isCalm = true
            state.disk.goDown(afterOperations: nil)
        }
    }

    /// Comes back with what is durable.
    public func restart() async {
        state.withLock { state in if state.running == nil { start(&state) } }
    }

    private func start(_ state: inout State) {
        do throws(StoreError) {
            let (log, recovered) = try RecoveredStore.open(
                configuration,
                log: state.disk.directory(),
                state: state.sorted,
                salt: state.random.next()
            )
            state.running = Running(core: try StoreCore(recovered, state: state.sorted), log: log)
        } catch {
            state.damage = "the store does not open: \(error)"
            return
        }
        if let mean = meanOperationsToFault, !state.isCalm {
            state.disk.goDown(afterOperations: 1 + Int(state.random.next(below: UInt64(2 * mean))))
        }
    }

    private func handle(_ request: ShardRequest, _ state: inout State) -> ShardAnswer {
        guard var running = state.running else { return .failure(.unavailable("the node is down")) }
        // Each request is carried out to its end: what earlier ones were answered is of no use to anybody.
        running.answers = [:]
        let ticket = StoreTicket(running.nextTicket)
        running.nextTicket += 1
        var effects: [StoreEffect] = []
        if let job = running.later {
            running.later = nil
            effects.append(.flush(job))
        }
        running.core.handle(request, ticket, into: &effects)
        while !effects.isEmpty { carryOut(effects.removeFirst(), &running, &effects, state) }
        state.running = running
        if state.disk.isDown {
            state.running = nil
            state.refusals = 0
            state.disk.crash()
            return .failure(.unavailable("the node went down"))
        }
        return running.answers[ticket] ?? .failure(.storage("the store did not answer"))
    }

    private func carryOut(
        _ effect: StoreEffect,
        _ running: inout Running,
        _ effects: inout [StoreEffect],
        _ state: State
    ) {
        switch effect {
        case .answer(let ticket, let answer): running.answers[ticket] = answer
        case .append(let entries):
            let log = running.log
            running.core.appended(Result { () throws(StoreError) in try log.append(entries) }, into: &effects)
        case .flushLater(let job): running.later = job
        case .flush(let job):
            guard !state.disk.isDown else { return }
            let sorted = state.sorted
            running.core.flushed(Result { () throws(StoreError) in try job.run(into: sorted) }, into: &effects)
        case .cut(let number):
            try? running.log.cut(through: number)
        }
    }
}
