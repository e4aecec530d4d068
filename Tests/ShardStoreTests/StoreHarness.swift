import Identifiers
import ShardProtocol
import ShardStore
import SimulationKit
import Testing

/// A store core whose log and flush work is done when the test says so.
final class StoreHarness {
    let disk: SimulatedDisk
    let state: any StateStore
    let configuration: StoreConfiguration
    private(set) var core: StoreCore
    private(set) var log: WriteAheadLog
    private(set) var answers: [UInt64: ShardAnswer] = [:]
    private(set) var appending: [LogEntry]?
    private(set) var flushing: FlushJob?
    private var cuts: [UInt64] = []
    private var nextTicket: UInt64 = 0
    private var salt: UInt64 = 1

    init(
        disk: SimulatedDisk = SimulatedDisk(seed: 1),
        state: (any StateStore)? = nil,
        configuration: StoreConfiguration = StoreNode.smallConfiguration
    ) throws {
        self.disk = disk
        let state = state ?? SortedState(on: disk)
        self.state = state
        self.configuration = configuration
        let (log, recovered) = try RecoveredStore.open(configuration, log: disk.directory(), state: state, salt: 1)
        self.log = log
        core = try StoreCore(recovered, state: state)
    }

    /// Asks for something; the answer is under the ticket once the work for it is done.
    @discardableResult
    func submit(_ request: ShardRequest) -> UInt64 {
        let ticket = nextTicket
        nextTicket += 1
        run { effects in core.handle(request, StoreTicket(ticket), into: &effects) }
        return ticket
    }

    /// Asks, does all work, and gives the answer.
    func ask(_ request: ShardRequest) throws -> ShardAnswer {
        let ticket = submit(request)
        settle()
        return try #require(answers[ticket])
    }

    /// Does the append that is asked for, if any; answers whether there was one.
    @discardableResult
    func append() -> Bool {
        guard let entries = appending else { return false }
        appending = nil
        let result = Result { () throws(StoreError) in try log.append(entries) }
        run { effects in core.appended(result, into: &effects) }
        return true
    }

    /// Does the flush that is asked for, if any; answers whether there was one.
    @discardableResult
    func flush() -> Bool {
        guard let job = flushing else { return false }
        flushing = nil
        let result = Result { () throws(StoreError) in try job.run(into: state) }
        run { effects in core.flushed(result, into: &effects) }
        for number in cuts { try? log.cut(through: number) }
        cuts = []
        return true
    }

    /// Asks for a flush of everything.
    func flushAll() {
        run { effects in core.flushAll(into: &effects) }
        settle()
    }

    /// Does all work until nothing is asked for; a flush that fails is left alone.
    func settle() {
        while true {
            if append() { continue }
            let failures = core.counters.failedFlushes
            guard flush(), core.counters.failedFlushes == failures else { return }
        }
    }

    /// Loses what is not durable and opens the store again.
    func crash() throws {
        disk.crash()
        try open()
    }

    /// Opens the store anew over what the disk has.
    func open() throws {
        salt += 1
        let (log, recovered) = try RecoveredStore.open(
            configuration,
            log: disk.directory(),
            state: state,
            salt: salt
        )
        self.log = log
        core = try StoreCore(recovered, state: state)
        appending = nil
        flushing = nil
        answers = [:]
        cuts = []
    }

    func answer(_ ticket: UInt64) -> ShardAnswer? { answers[ticket] }

    private func run(_ body: (inout [StoreEffect]) -> Void) {
        var effects: [StoreEffect] = []
        body(&effects)
        for effect in effects {
            switch effect {
            case .answer(let ticket, let answer): answers[ticket.rawValue] = answer
            case .append(let entries): appending = entries
            case .flush(let job), .flushLater(let job): flushing = job
            case .cut(let number): cuts.append(number)
            }
        }
    }
}
