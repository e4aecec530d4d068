internal import Dispatch
internal import Glibc
public import ShardProtocol
internal import Synchronization

internal import struct Locks.Mutex

/// A shard's store on a disk: the shell around `StoreCore` that gives it threads, a clock, a log and a state.
///
///     let store = try ShardStore(directory: "/var/lib/tessera/shard-1")
///     store.submit(.status) { answer in print(answer) }
///
/// Reads are answered on the caller's thread. A commit is answered from the log's thread after its sync; everything that
/// arrives while a sync is under way shares the next one. Flushes have a thread of their own.
public final class ShardStore: Sendable {
    /// Takes an answer; called once, on the caller's thread or on the log's.
    public typealias Reply = @Sendable (ShardAnswer) -> Void

    private struct Confined {
        let core: StoreCore
        var replies: [StoreTicket: Reply] = [:]
        var nextTicket: UInt64 = 0
        var isClosing = false
        var whenIdle: [@Sendable () -> Void] = []
    }

    /// How long a failed flush is left alone: a full disk does not get room within milliseconds.
    private static let flushPause = DispatchTimeInterval.seconds(1)

    private let confined: Mutex<Confined>
    private let log: Mutex<WriteAheadLog>
    private let state: TieredState
    private let vault: Vault?
    private let lock: StoreLock
    private let directory: String
    private let logQueue = DispatchQueue(label: "tessera.store.log")
    private let flushQueue = DispatchQueue(label: "tessera.store.flush")
    private let tidyQueue = DispatchQueue(label: "tessera.store.tidy", qos: .background)
    /// Whether housekeeping is to be given up, since the store is being closed.
    private let isEnding = Atomic(false)
    private let spent = Mutex(StoreSteps())
    private let damage = Mutex<[String]>([])
    /// How long opening took.
    public let recoveryTime: Duration
    /// What opening found in the log.
    public let recovery: LogReplay

    /// Opens the store in a directory, which is made where there is none.
    ///
    /// - Parameters:
    ///   - directory: where it is.
    ///   - configuration: the bounds.
    ///   - vault: the keys that log and rows are sealed under; `nil` for a store in clear.
    /// - Throws: `StoreError`, saying what to do about it.
    public init(
        directory: String,
        configuration: StoreConfiguration = StoreConfiguration(),
        vault: Vault? = nil
    ) throws(StoreError) {
        let clock = ContinuousClock()
        let start = clock.now
        try StoreLock.makeDirectory(directory)
        lock = try StoreLock(directory: directory)
        try ShardStore.refuseOldState(in: directory)
        let state = try TieredState(directory: directory + "/state", vault: vault)
        let logDirectory = try DiskLogDirectory(path: directory + "/log")
        // The names of the state's file and of the log's directory must outlive a crash as their contents do.
        try StoreLock.sync(directory)
        let (log, recovered) = try RecoveredStore.open(
            configuration,
            log: logDirectory,
            state: state,
            salt: UInt64.random(in: .min ... .max),
            vault: vault
        )
        self.directory = directory
        self.state = state
        self.vault = vault
        recovery = recovered.replay
        confined = Mutex(Confined(core: try StoreCore(recovered, state: state)))
        self.log = Mutex(log)
        recoveryTime = clock.now - start
        if isUnderOlderKeys { reseal() }
    }

    /// Whether something in log or state is not sealed under the newest key of the vault; false without one.
    public var isUnderOlderKeys: Bool {
        guard let newest = vault?.current else { return false }
        return !log.withLock { $0.keysInUse }.union(state.keysInUse).isSubset(of: [newest])
    }

    /// Writes what is not sealed under the newest key anew, in the background: the log by a flush, the state by merges.
    public func reseal() {
        perform { confined, effects in
            if !confined.isClosing { confined.core.flushAll(into: &effects) }
            return []
        }
        tidy()
    }

    /// Asks for something; the reply may come before this returns.
    public func submit(_ request: ShardRequest, _ reply: @escaping Reply) {
        perform { confined, effects in
            guard !confined.isClosing else { return [(reply, .failure(.unavailable("the shard is shutting down")))] }
            let ticket = StoreTicket(confined.nextTicket)
            confined.nextTicket += 1
            confined.replies[ticket] = reply
            timed(ShardStore.step(of: request)) { confined.core.handle(request, ticket, into: &effects) }
            return []
        }
    }

    /// What the store has done since it was opened.
    public var counters: StoreCounters { confined.withLock { $0.core.counters } }

    /// What its steps have cost since it was opened.
    public var steps: StoreSteps { spent.withLock { $0 } }

    /// Counts a piece of work for a step.
    private func timed<Value, Failure: Error>(
        _ step: WritableKeyPath<StoreSteps, UInt64>,
        _ work: () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let start = StoreSteps.now
        defer {
            let length = StoreSteps.now - start
            spent.withLock { $0[keyPath: step] += length }
        }
        return try work()
    }

    private static func step(of request: ShardRequest) -> WritableKeyPath<StoreSteps, UInt64> {
        switch request {
        case .candidates: \.search
        case .commit: \.take
        default: \.read
        }
    }

    /// Refuses further requests, brings everything into the state and calls back when nothing is under way.
    public func close(_ done: @escaping @Sendable () -> Void) {
        perform { confined, effects in
            confined.isClosing = true
            isEnding.store(true, ordering: .relaxed)
            // Behind the housekeeping that is under way: the files are not touched any more then.
            confined.whenIdle.append { [tidyQueue] in tidyQueue.async(execute: done) }
            confined.core.flushAll(into: &effects)
            return []
        }
    }

    /// Runs the core under the lock, then carries out its effects and gives the answers outside of it.
    private func perform(
        _ body: (inout Confined, inout [StoreEffect]) -> [(Reply, ShardAnswer)]
    ) {
        var effects: [StoreEffect] = []
        var idle: [@Sendable () -> Void] = []
        var answers: [(Reply, ShardAnswer)] = []
        confined.withLock { confined in
            answers = body(&confined, &effects)
            for case .answer(let ticket, let answer) in effects {
                if let reply = confined.replies.removeValue(forKey: ticket) { answers.append((reply, answer)) }
            }
            if confined.isClosing, confined.core.isIdle {
                idle = confined.whenIdle
                confined.whenIdle = []
            }
        }
        for effect in effects { carryOut(effect) }
        for (reply, answer) in answers { reply(completed(answer)) }
        for done in idle { done() }
    }

    private func carryOut(_ effect: StoreEffect) {
        switch effect {
        case .answer: break
        case .append(let entries):
            logQueue.async { [self] in
                let result = timed(\.log) {
                    log.withLock { log in
                        Result { () throws(StoreError) in try log.append(entries) }
                    }
                }
                perform { confined, effects in
                    timed(\.apply) { confined.core.appended(result, into: &effects) }
                    return []
                }
            }
        case .flush(let job):
            flushQueue.async { [self] in flush(job) }
        case .flushLater(let job):
            flushQueue.asyncAfter(deadline: .now() + ShardStore.flushPause) { [self] in flush(job) }
        case .cut(let number):
            // A segment that could not be removed is found and removed again at the next cut or opening.
            logQueue.async { [self] in
                log.withLock { log in try? log.cut(through: number) }
            }
        }
    }

    private func flush(_ job: FlushJob) {
        let result = Result { () throws(StoreError) in
            while state.isUntidy, try timed(\.merge, { () throws(StoreError) in try tidyUnlessDamaged() }) {}
            try timed(\.flush) { () throws(StoreError) in try job.run(into: state) }
        }
        perform { confined, effects in
            confined.core.flushed(result, into: &effects)
            return []
        }
        tidy()
    }

    private func tidy() {
        tidyQueue.async { [self] in
            HousekeepingPriority.take()
            // What fails here is tried again after the next flush; nothing is lost meanwhile.
            while (try? timed(\.merge) { try state.tidy { isEnding.load(ordering: .relaxed) } }) == true {}
        }
    }

    /// A file that is damaged is merged with no other one; what is flushed must not wait until it is mended.
    private func tidyUnlessDamaged() throws(StoreError) -> Bool {
        do throws(StoreError) {
            return try state.tidy { false }
        } catch {
            guard error.isDamage else { throw error }
            note([error.description])
            return false
        }
    }

    /// Compares the files of the state with the checksums from when they were written.
    ///
    /// - Parameter rest: awaited after every piece, so that nothing else waits for long.
    /// - Returns: what is damaged, a line each; the status tells it from now on.
    public func findDamage(rest: @Sendable () async -> Void) async -> [String] {
        let found = await state.findDamage(rest: rest)
        note(found)
        return found
    }

    private func note(_ lines: [String]) {
        damage.withLock { damage in
            for line in lines where !damage.contains(line) { damage.append(line) }
        }
    }

    /// Says so where a program of format 1 wrote the store: its one file must not be taken for no store at all.
    private static func refuseOldState(in directory: String) throws(StoreError) {
        let path = directory + "/state.mdb"
        guard access(path, F_OK) != 0 else {
            throw .unknownFormat(file: path, found: 1, known: RunTables.format)
        }
        guard access(BulkStore.path(directory), F_OK) != 0 else {
            throw .state("a bulk load into \(directory) is not finished: run it again, or remove that directory")
        }
    }

    /// Adds to a status what the core cannot know.
    private func completed(_ answer: ShardAnswer) -> ShardAnswer {
        guard case .status(var status) = answer else { return answer }
        status.stateBytes = state.fileBytes
        for line in damage.withLock({ $0 }) where !status.damage.contains(line) { status.damage.append(line) }
        status.diskFree = StoreLock.freeBytes(at: directory)
        let (seconds, attoseconds) = recoveryTime.components
        status.recoveryMilliseconds = UInt64(seconds) * 1_000 + UInt64(attoseconds / 1_000_000_000_000_000)
        return .status(status)
    }
}
