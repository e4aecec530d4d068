internal import Bytes
import Identifiers
internal import Matching
import ShardProtocol

extension StoreCore {
    func take(_ commit: CommitRequest, _ ticket: StoreTicket, into effects: inout [StoreEffect]) {
        if commit.epoch < epoch {
            return refuse(ticket, .staleEpoch(highest: epoch), into: &effects)
        }
        if commit.epoch == active.mark.epoch, commit.number <= active.mark.message {
            // Applied before: a late duplicate must not undo what came after it.
            effects.append(.answer(ticket, .committed))
            return
        }
        if let pending = pendingCommit(commit.epoch, atLeast: commit.number) {
            guard join(pending, commit, ticket) else {
                return refuse(ticket, .unavailable("a later commit is under way"), into: &effects)
            }
            return
        }
        if let fault = StoreCore.fault(commit.operations) {
            return refuse(ticket, .badRequest(fault), into: &effects)
        }
        let entry = LogEntry(
            kind: .commit,
            epoch: commit.epoch,
            message: commit.number,
            through: commit.through,
            payload: commit.operations
        )
        enqueue(Waiting(tickets: [ticket], entry: entry, rules: nil), into: &effects)
    }

    /// Where a commit of an epoch with such a number or a higher one is under way: the first of them.
    private func pendingCommit(_ epoch: Epoch, atLeast number: UInt64) -> (isInFlight: Bool, index: Int)? {
        func isMeant(_ one: Waiting) -> Bool {
            one.entry.kind == .commit && one.entry.epoch == epoch && one.entry.message >= number
        }
        if let index = inFlight.firstIndex(where: isMeant) { return (true, index) }
        return waiting.firstIndex(where: isMeant).map { (false, $0) }
    }

    /// Lets a message that came again share the answer of its first copy.
    private func join(_ pending: (isInFlight: Bool, index: Int), _ commit: CommitRequest, _ ticket: StoreTicket) -> Bool
    {
        let found = pending.isInFlight ? inFlight[pending.index] : waiting[pending.index]
        guard found.entry.message == commit.number else { return false }
        if pending.isInFlight {
            inFlight[pending.index].tickets.append(ticket)
        } else {
            waiting[pending.index].tickets.append(ticket)
        }
        return true
    }

    func fence(_ wanted: Epoch, _ ticket: StoreTicket, into effects: inout [StoreEffect]) {
        if wanted < epoch { return refuse(ticket, .staleEpoch(highest: epoch), into: &effects) }
        let entry = LogEntry(kind: .fence, epoch: wanted)
        enqueue(Waiting(tickets: [ticket], entry: entry, rules: nil), into: &effects)
    }

    func install(_ bytes: [UInt8], _ ticket: StoreTicket, into effects: inout [StoreEffect]) throws(StoreError) {
        let compiled: RuleSet
        do throws(RuleSetError) {
            compiled = try RuleSet(decoding: bytes)
        } catch {
            return refuse(ticket, .badRequest("rule set: \(error)"), into: &effects)
        }
        if ruleSet(compiled.version) != nil {
            effects.append(.answer(ticket, .installed(compiled.version)))
            return
        }
        let entry = LogEntry(kind: .rules, epoch: epoch, payload: bytes)
        enqueue(Waiting(tickets: [ticket], entry: entry, rules: compiled), into: &effects)
    }

    /// Takes the result of an `append` effect: what is durable becomes visible and is answered.
    public func appended(_ result: Result<UInt64, StoreError>, into effects: inout [StoreEffect]) {
        precondition(!inFlight.isEmpty, "no append was asked for")
        let group = inFlight
        inFlight = []
        switch result {
        case .success(let last):
            counts.groups += 1
            let first = last - UInt64(group.count) + 1
            for (index, one) in group.enumerated() {
                apply(one.entry, number: first + UInt64(index))
                if let rules = one.rules {
                    let key = one.entry.payload.withUnsafeBytes { StoreCore.rulesKey($0) }
                    keep(InstalledRules(number: first + UInt64(index), key: key, set: rules))
                }
                let answer = answer(to: one)
                for ticket in one.tickets { effects.append(.answer(ticket, answer)) }
            }
            freezeIfDue(into: &effects)
        case .failure(let error):
            // What waits behind must fail too: a commit must not become durable where one before it did not.
            waiting = group + waiting
            refuseWaiting(error, into: &effects)
        }
        appendNext(into: &effects)
    }

    /// Takes the result of a `flush` effect.
    public func flushed(_ result: Result<Void, StoreError>, into effects: inout [StoreEffect]) {
        guard let done = frozen else { preconditionFailure("no flush was asked for") }
        switch result {
        case .success:
            counts.flushes += 1
            flushFailure = nil
            frozen = nil
            effects.append(.cut(through: tail.cut(through: done.mark.frame)))
            freezeIfDue(into: &effects)
            appendNext(into: &effects)
        case .failure(let error):
            counts.failedFlushes += 1
            flushFailure = error
            effects.append(.flushLater(FlushJob(delta: done)))
            if isHeld { refuseWaiting(error, into: &effects) }
        }
    }

    /// Asks for a flush of everything, as before a shut-down; does nothing where one is under way.
    public func flushAll(into effects: inout [StoreEffect]) {
        guard frozen == nil, !active.isEmpty else { return }
        freeze(into: &effects)
    }

    /// Whether commits wait for the flush that is under way.
    var isHeld: Bool { frozen != nil && active.bytes >= configuration.holdBytes }

    func freezeIfDue(into effects: inout [StoreEffect]) {
        let isDue = active.bytes >= configuration.freezeBytes || active.logBytes >= configuration.freezeLogBytes
        guard frozen == nil, isDue else { return }
        freeze(into: &effects)
    }

    /// Applies an entry to the active delta, as both new and replayed frames are.
    func apply(_ entry: LogEntry, number: UInt64) {
        entry.payload.withUnsafeBytes { payload in
            StoreCore.apply(entry.kind, payload, number: number, to: active)
        }
        counts.commits += entry.kind == .commit ? 1 : 0
        counts.commitBytes += UInt64(entry.payload.count)
        let length = LogFrame.length(payload: entry.payload.count)
        active.advance(to: number, entry.epoch, message: entry.message, entry.through, logBytes: length)
        tail.note(entry, frame: number)
    }

    /// The row of `StateTable.local` that keeps a rule set.
    static func rulesKey(_ encoding: UnsafeRawBufferPointer) -> StoreKey { StoreKey(KeyHash.hash(encoding)) }

    static func apply(_ kind: LogEntry.Kind, _ payload: UnsafeRawBufferPointer, number: UInt64, to delta: Delta) {
        switch kind {
        case .fence: break
        case .commit:
            var ahead = OperationReader(payload)
            while let operation = try? ahead.next() { delta.announce(operation) }
            var operations = OperationReader(payload)
            // Checked before the frame was written, so a fault cannot stand here.
            while let operation = try? operations.next() { delta.apply(operation) }
        case .rules:
            withUnsafeBytes(of: number.littleEndian) { head in
                delta.put(.local, rulesKey(payload), first: head, payload)
            }
        }
    }

    private func freeze(into effects: inout [StoreEffect]) {
        let job = FlushJob(delta: active)
        frozen = active
        active = Delta(after: active.mark)
        effects.append(.flush(job))
    }

    private func enqueue(_ one: Waiting, into effects: inout [StoreEffect]) {
        if isHeld, let flushFailure {
            for ticket in one.tickets { refuse(ticket, ShardError(flushFailure), into: &effects) }
            return
        }
        let size = one.entry.payload.count + LogFrame.headLength
        guard waiting.isEmpty || waitingBytes + size <= configuration.waitingBytes else {
            for ticket in one.tickets { refuse(ticket, .unavailable("too many writes are waiting"), into: &effects) }
            return
        }
        // From here on older leaders are refused, even before this one's word is durable.
        epoch = max(epoch, one.entry.epoch)
        waiting.append(one)
        waitingBytes += size
        appendNext(into: &effects)
    }

    /// Sends what waits to the log, as one group, once the group before is durable.
    private func appendNext(into effects: inout [StoreEffect]) {
        guard inFlight.isEmpty, !waiting.isEmpty, !isHeld else { return }
        var bytes = 0
        var count = 0
        for one in waiting {
            let size = one.entry.payload.count + LogFrame.headLength
            if count > 0, bytes + size > configuration.groupBytes { break }
            bytes += size
            count += 1
        }
        inFlight = Array(waiting[..<count])
        waiting.removeFirst(count)
        waitingBytes -= bytes
        effects.append(.append(inFlight.map(\.entry)))
    }

    private func answer(to one: Waiting) -> ShardAnswer {
        switch one.entry.kind {
        case .commit: return .committed
        case .rules: return one.rules.map { .installed($0.version) } ?? .failure(.storage("rule set lost"))
        case .fence:
            do throws(StoreError) {
                return .status(try status())
            } catch {
                return .failure(ShardError(error))
            }
        }
    }

    /// Keeps a rule set for scoring; the one installed first goes where there are too many.
    func keep(_ installed: InstalledRules) {
        guard ruleSet(installed.set.version) == nil else { return }
        rules.append(installed)
        rules.sort { $0.number < $1.number }
        while rules.count > configuration.ruleSetLimit {
            active.delete(.local, rules.removeFirst().key)
        }
    }

    private func refuseWaiting(_ error: StoreError, into effects: inout [StoreEffect]) {
        let refused = waiting
        waiting = []
        waitingBytes = 0
        for ticket in refused.flatMap(\.tickets) { refuse(ticket, ShardError(error), into: &effects) }
    }

    private func refuse(_ ticket: StoreTicket, _ error: ShardError, into effects: inout [StoreEffect]) {
        counts.failedCommits += 1
        effects.append(.answer(ticket, .failure(error)))
    }

    /// What is wrong with operations, or `nil`: they are checked whole before they are written.
    private static func fault(_ operations: [UInt8]) -> String? {
        guard operations.count <= CommitRequest.byteLimit else { return "operations over the limit" }
        return operations.withUnsafeBytes { bytes in
            var reader = OperationReader(bytes)
            do throws(ByteError) {
                while try reader.next() != nil {}
                return nil
            } catch {
                return "operations: \(error)"
            }
        }
    }
}
