import Identifiers
import Locks

/// Writes that wait for a batch: bounded, first come first served, never reordered.
final class WriteQueue: Sendable {
    /// Writes handed in together, answered together.
    final class Unit: Sendable {
        /// Counts the units of a queue, so that whatever is done to several is done in one order.
        let number: UInt64
        let writes: [PreparedWrite]
        let size: Int
        /// When the caller gives up, by the coordinator's clock.
        let deadline: UInt64
        private let handIn: HandIn
        private let place: Int

        init(number: UInt64, writes: [PreparedWrite], deadline: UInt64, of handIn: HandIn, place: Int) {
            self.number = number
            self.writes = writes
            self.deadline = deadline
            self.handIn = handIn
            self.place = place
            size = writes.reduce(0) { $0 + $1.size }
        }

        /// Answers the caller, unless it has been answered before.
        func answer(_ outcomes: [WriteOutcome]) { handIn.answer(place, outcomes) }

        /// Answers every write alike.
        func answerAll(_ outcome: WriteOutcome) {
            answer([WriteOutcome](repeating: outcome, count: writes.count))
        }
    }

    private struct State {
        var waiting: [Unit] = []
        var first = 0
        var records = 0
        var bytes = 0
        var unanswered: [UInt64: Unit] = [:]
        var lastNumber: UInt64 = 0
        var takers: [CheckedContinuation<Void, Never>] = []
        var open = false
        /// Whether nobody is taken out for the moment.
        var held = false
        /// Whether the next batch is begun however little waits.
        var isOverdue = false
        /// Why it is not open.
        var reason = "this node does not take writes yet"
    }

    private let limits: CoordinatorLimits
    private let state = Mutex(State())

    init(limits: CoordinatorLimits) { self.limits = limits }

    /// Writes waiting or under way.
    var inFlight: Int {
        state.withLock { state in state.unanswered.values.reduce(0) { $0 + $1.writes.count } }
    }

    /// Hands in writes, a unit or several, and waits for their outcomes.
    ///
    /// All units get in line at once or none does: a caller who gives up and says something newer must not find a later
    /// unit of the first attempt behind it.
    func submit(_ units: [[PreparedWrite]], now: UInt64) async -> [WriteOutcome] {
        let deadline = now + limits.submitMilliseconds
        return await withCheckedContinuation { continuation in
            let handIn = HandIn(units: units.count, waiter: continuation)
            let (refusal, takers) = state.withLock { state -> (WriteOutcome?, [CheckedContinuation<Void, Never>]) in
                guard state.open else { return (.unavailable(state.reason, retryAfter: 1), []) }
                var entering: [Unit] = []
                for (place, writes) in units.enumerated() {
                    state.lastNumber += 1
                    entering.append(
                        Unit(number: state.lastNumber, writes: writes, deadline: deadline, of: handIn, place: place)
                    )
                }
                guard hasRoom(for: entering, state) else {
                    return (.unavailable("too many writes are waiting", retryAfter: 1), [])
                }
                for unit in entering {
                    state.waiting.append(unit)
                    state.unanswered[unit.number] = unit
                    state.records += unit.writes.count
                    state.bytes += unit.size
                }
                return (nil, called(&state))
            }
            if let refusal {
                for (place, writes) in units.enumerated() {
                    handIn.answer(place, [WriteOutcome](repeating: refusal, count: writes.count))
                }
            }
            for taker in takers { taker.resume() }
        }
    }

    /// One hand-in may be larger than the queue: it gets in as soon as half of the queue is free.
    private func hasRoom(for units: [Unit], _ state: State) -> Bool {
        let records = units.reduce(0) { $0 + $1.writes.count }
        let bytes = units.reduce(0) { $0 + $1.size }
        return state.records == 0
            || state.records + min(records, limits.queuedRecords / 2) <= limits.queuedRecords
                && state.bytes + min(bytes, limits.queuedBytes / 2) <= limits.queuedBytes
    }

    /// Takes what waits, up to a batch, and numbers it while the order still holds.
    ///
    /// Whoever has waited for half of its time is turned away: taken now, it would hardly be answered in time, and its
    /// repetition would wait behind everybody who is served too late as well, so that no answer ever reached anybody.
    ///
    /// - Parameters:
    ///   - now: the coordinator's clock, milliseconds.
    ///   - number: called with the queue locked.
    /// - Returns: `nil` once the queue is closed.
    func next<Ticket>(
        now: () -> UInt64,
        _ number: () -> Ticket
    ) async -> (units: [Unit], ticket: Ticket)? {
        while true {
            turnAway(before: now() + limits.submitMilliseconds / 2)
            let (batch, closed) = state.withLock { state -> ((units: [Unit], ticket: Ticket)?, Bool) in
                guard state.open else { return (nil, true) }
                let units = isTaking(state) ? take(&state) : []
                return (units.isEmpty ? nil : (units, number()), false)
            }
            if closed { return nil }
            if let batch { return batch }
            await withCheckedContinuation { continuation in
                let now = state.withLock { state in
                    guard state.open, !isTaking(state) else { return true }
                    state.takers.append(continuation)
                    return false
                }
                if now { continuation.resume() }
            }
        }
    }

    /// Whether one who comes for a batch gets it: the few that wait beside batches under way share the next one.
    private func isTaking(_ state: State) -> Bool {
        guard !state.held, state.first < state.waiting.count else { return false }
        return state.isOverdue
            || isWorthABatch(state.records, beside: limits.batchesInFlight - 1 - state.takers.count)
    }

    private func isWorthABatch(_ records: Int, beside batches: Int) -> Bool {
        batches < limits.batchesBegunAtOnce || records >= batches * limits.recordsForAnother
    }

    /// Those who are to come for what waits.
    private func called(_ state: inout State) -> [CheckedContinuation<Void, Never>] {
        var called: [CheckedContinuation<Void, Never>] = []
        var left = state.records
        while left > 0, isWorthABatch(left, beside: limits.batchesInFlight - state.takers.count),
            let taker = state.takers.popLast()
        {
            called.append(taker)
            left -= limits.batchRecords
        }
        return called
    }

    /// Lets out who waits behind batches that do not end, such as those that a silent shard holds up.
    func relieve() {
        let taker = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard state.first < state.waiting.count else { return nil }
            state.isOverdue = true
            return state.takers.popLast()
        }
        taker?.resume()
    }

    /// Answers a unit and forgets it.
    func finish(_ unit: Unit, _ outcomes: [WriteOutcome]) {
        state.withLock { $0.unanswered[unit.number] = nil }
        unit.answer(outcomes)
    }

    /// Lets nothing out until `release`; writes still get in line.
    func hold() { state.withLock { $0.held = true } }

    /// Lets writes out again.
    func release() {
        let takers = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.held = false
            defer { state.takers = [] }
            return state.takers
        }
        for taker in takers { taker.resume() }
    }

    /// Whether it takes writes.
    var isOpen: Bool { state.withLock { $0.open } }

    /// Takes writes from now on.
    func open() {
        state.withLock { $0.open = true }
    }

    /// Answers everything and takes no more writes.
    func close(_ reason: String) {
        let (units, takers) = state.withLock { state -> ([Unit], [CheckedContinuation<Void, Never>]) in
            let units = state.unanswered.values.sorted { $0.number < $1.number }
            let takers = state.takers
            state = State(lastNumber: state.lastNumber, reason: reason)
            return (units, takers)
        }
        for unit in units { unit.answerAll(.unavailable(reason, retryAfter: 1)) }
        for taker in takers { taker.resume() }
    }

    /// Answers the callers whose patience has ended; their writes may still come through.
    func expire(now: UInt64) {
        let late = state.withLock { state in
            let late = state.unanswered.values.filter { $0.deadline <= now }
            for unit in late { state.unanswered[unit.number] = nil }
            return late.sorted { $0.number < $1.number }
        }
        for unit in late {
            unit.answerAll(.unavailable("not confirmed in time; repeating is safe", retryAfter: 2))
        }
    }

    private func turnAway(before deadline: UInt64) {
        let late = state.withLock { state in
            var late: [Unit] = []
            while state.first < state.waiting.count, state.waiting[state.first].deadline < deadline {
                let unit = state.waiting[state.first]
                state.first += 1
                state.records -= unit.writes.count
                state.bytes -= unit.size
                state.unanswered[unit.number] = nil
                late.append(unit)
            }
            return late
        }
        for unit in late { unit.answerAll(.unavailable("too many writes are waiting", retryAfter: 2)) }
    }

    private func take(_ state: inout State) -> [Unit] {
        var units: [Unit] = []
        var records = 0
        var bytes = 0
        while state.first < state.waiting.count {
            let unit = state.waiting[state.first]
            let isFull =
                records + unit.writes.count > limits.batchRecords || bytes + unit.size > limits.batchBytes
            if !units.isEmpty, isFull { break }
            units.append(unit)
            records += unit.writes.count
            bytes += unit.size
            state.bytes -= unit.size
            state.first += 1
        }
        state.records -= records
        state.isOverdue = false
        if state.first > 1_024 || state.first == state.waiting.count {
            state.waiting.removeFirst(state.first)
            state.first = 0
        }
        return units
    }
}
