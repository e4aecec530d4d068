import Identifiers
import Identity
import Lookup
import Matching
import ShardProtocol

/// The one way of a write through the coordinator, a batch at a time.
///
///     candidates   one fan-out: score on the shards, read what is stored of the records themselves
///     links        where the candidates stand
///     components   whom they belong to
///     decide       in the order of admission, with what is in flight
///     commit       durable on every shard
///     answer
struct WritePath: Sendable {
    let fanOut: FanOut
    let sequencer: LeaderSequencer
    let commit: Commit
    let queue: WriteQueue
    let clock: any CoordinatorClock
    /// Whether updates are compared with the versions that they replace.
    let comparesVersions: Bool
    /// Reads documents, for writes that were keyed by other rules.
    let reading: KeepingTools.Reading?
    /// Where writes are tried by a candidate, after they were answered.
    let desk: TrialDesk
    /// Takes records while a shard does not answer.
    let intake: UnsearchedIntake
    let planted: Set<PlantedFault>

    /// Carries batches until the queue closes.
    func run() async throws(ShardError) {
        while let (units, ticket) = await queue.next(now: clock.milliseconds, { sequencer.open() }) {
            try await carry(units, ticket)
        }
    }

    /// Carries batches while shards do not answer: whoever carried one when they fell silent waits for them with it.
    func runBesideSilence(_ pause: Duration) async throws(ShardError) {
        while !Task.isCancelled, queue.isOpen {
            guard intake.isNeeded, let (units, ticket) = await queue.next(now: clock.milliseconds, { sequencer.open() })
            else {
                await clock.sleep(pause)
                continue
            }
            try await carry(units, ticket)
        }
    }

    private func carry(_ units: [WriteQueue.Unit], _ ticket: UInt64) async throws(ShardError) {
        // No other plan comes into force while a batch is under way.
        let plan = fanOut.force.plan
        var writes = units.flatMap(\.writes)
        for index in writes.indices where writes[index].stamp != plan.stamp {
            writes[index] = writes[index].keyed(by: plan, reading: reading)
        }
        let knowledge: Sequencer.Knowledge
        do throws(ShardError) {
            if let away = intake.away(for: writes) { throw away }
            knowledge = try await learn(writes, plan.active)
        } catch {
            if plan.active.takesUnsearched, error.isSilence { return await take(units, writes, ticket, error) }
            sequencer.giveUp(ticket)
            commit.skip(ticket)
            answer(units, .unavailable(Self.words(error), retryAfter: 1))
            return
        }
        let decided = await sequencer.decide(
            writes,
            ticket: ticket,
            knowledge: knowledge,
            at: clock.milliseconds()
        )
        if planted.contains(.acknowledgeEarly) { answer(units, decided) }
        try await commit.commit(decided)
        sequencer.close(ticket, last: decided.last)
        answer(units, decided)
        desk.offer(writes, decided.outcomes)
    }

    /// Takes what may wait until it can be searched for.
    private func take(
        _ units: [WriteQueue.Unit],
        _ writes: [PreparedWrite],
        _ ticket: UInt64,
        _ error: ShardError
    ) async {
        // Before the turn is over: what comes later of the same record must find it waiting.
        let entered = intake.enter(writes)
        sequencer.giveUp(ticket)
        commit.skip(ticket)
        answer(units, await intake.take(entered, error))
    }

    private func answer(_ units: [WriteQueue.Unit], _ outcomes: [WriteOutcome]) {
        var first = 0
        for unit in units {
            queue.finish(unit, Array(outcomes[first..<(first + unit.writes.count)]))
            first += unit.writes.count
        }
    }

    private func answer(_ units: [WriteQueue.Unit], _ decided: Sequencer.Decided) {
        answer(units, decided.outcomes)
    }

    /// Everything about a batch that the shards know.
    private func learn(_ writes: [PreparedWrite], _ rules: RuleSet) async throws(ShardError) -> Sequencer.Knowledge {
        var records: [KeyedRecord] = []
        var places: [Int] = []
        var own: [ReadRequest.Address] = []
        var renewed: [(place: Int, range: Range<Int>)] = []
        for (index, write) in writes.enumerated() {
            switch write.action {
            case .upsert(let keyed, _, _):
                records.append(keyed)
                places.append(index)
                own += [.home(write.id), .link(write.id)]
                if write.isRecheck { own.append(.unsearched(write.id)) }
                if let request = write.ruling { own += request.records.map { .link($0) } + Self.book(request) }
            case .delete:
                own += [.home(write.id), .link(write.id)]
            case .note(let name, _):
                if write.mustBeNew { own.append(.note(name)) }
            case .rule(let request):
                own += request.standing.map { .link($0) } + Self.book(request)
            case .decide(_, let pair, _, _):
                own += [.link(pair.a), .link(pair.b)]
            case .repost(let renewals): own += renewals.map { .home($0.id) }
            case .renew(let renewals, _):
                own += renewals.flatMap { [.home($0.id), .link($0.id)] }
                renewed.append((index, records.count..<(records.count + renewals.count)))
                records += renewals.map(\.keyed)
                places += renewals.map { _ in index }
            }
        }
        async let search = fanOut.candidates(records, rules: rules)
        async let stored = fanOut.read(own)
        var rows: [ReadRequest.Address: [UInt8]?]
        let found: FanOut.Found
        do {
            (found, rows) = try await (search, stored)
        } catch let error as ShardError {
            throw error
        } catch {
            throw .unavailable("\(error)")
        }
        var candidates = [[IdentityChange.Neighbour]](repeating: [], count: writes.count)
        for (place, one) in zip(places, found.candidates) {
            if candidates[place].isEmpty { candidates[place] = one } else { candidates[place] += one }
        }
        rows.merge(try await fanOut.read(linkAddresses(candidates, known: rows))) { old, _ in old }
        rows.merge(try await fanOut.read(componentAddresses(rows))) { old, _ in old }
        var knowledge = Sequencer.Knowledge(candidates: candidates, rows: rows)
        for (place, range) in renewed { knowledge.renewals[place] = Array(found.candidates[range]) }
        if !renewed.isEmpty {
            knowledge.rows.merge(try await fanOut.read(memberAddresses(knowledge.rows))) { old, _ in old }
        }
        if comparesVersions { knowledge.former = try await formerRows(writes, rows) }
        return knowledge
    }

    /// Where it stands what a ruling refers to.
    private static func book(_ request: RulingRequest) -> [ReadRequest.Address] {
        var addresses: [ReadRequest.Address] = [.rulingCount]
        if let number = request.order.number { addresses.append(.ruling(number)) }
        addresses += request.records.map { .held($0) }
        switch request.order {
        case .release(let record), .reject(let record): addresses.append(.held(record))
        case .persons, .stated, .free, .undo, .approve, .decline: break
        }
        return addresses
    }

    /// The feature rows of records that are about to change.
    private func formerRows(
        _ writes: [PreparedWrite],
        _ rows: [ReadRequest.Address: [UInt8]?]
    ) async throws(ShardError) -> [RecordID: [UInt8]] {
        var wanted: [(RecordID, key: UInt64)] = []
        for write in writes {
            guard case .upsert(_, _, let document) = write.action, !write.isVouched, !write.isReplaced,
                let bytes = rows[.home(write.id)] ?? nil,
                // A damaged row is reported by the sequencer, which needs it.
                let home = try? HomeRow(decoding: bytes), !home.deleted, home.document != document,
                let key = home.keys.first(where: { $0.rule != LookupKey.rule })
            else { continue }
            wanted.append((write.id, key.hash))
        }
        return wanted.isEmpty ? [:] : try await fanOut.features(wanted)
    }

    private func linkAddresses(
        _ candidates: [[IdentityChange.Neighbour]],
        known: [ReadRequest.Address: [UInt8]?]
    ) -> [ReadRequest.Address] {
        var wanted: Set<ReadRequest.Address> = []
        var addresses: [ReadRequest.Address] = []
        for neighbours in candidates {
            for neighbour in neighbours {
                let address = ReadRequest.Address.link(neighbour.record)
                if known[address] == nil, wanted.insert(address).inserted { addresses.append(address) }
            }
        }
        return addresses
    }

    private func componentAddresses(_ rows: [ReadRequest.Address: [UInt8]?]) -> [ReadRequest.Address] {
        var wanted: Set<RecordID> = []
        for (address, value) in rows where address.table == .link {
            // A damaged row is reported by the sequencer, which needs it.
            guard let value, case .member(let component, _)? = try? LinkRow(decoding: value) else { continue }
            wanted.insert(component)
        }
        return wanted.sorted().map { .component($0) }
    }

    /// The records that stand in the components that were read, or alone.
    private func memberAddresses(_ rows: [ReadRequest.Address: [UInt8]?]) -> [ReadRequest.Address] {
        var wanted: Set<RecordID> = []
        for (address, value) in rows {
            guard let value else { continue }
            switch address.table {
            case .link: wanted.insert(RecordID(address.key.hash))
            case .component:
                // A damaged row is reported by the sequencer, which needs it.
                guard let component = try? RowReader.component(value) else { continue }
                wanted.formUnion(component.members.lazy.filter { !$0.isAbsent }.map(\.record))
            default: break
            }
        }
        return wanted.sorted().map { .home($0) }.filter { rows[$0] == nil }
    }

    private func answer(_ units: [WriteQueue.Unit], _ outcome: WriteOutcome) {
        for unit in units { queue.finish(unit, [WriteOutcome](repeating: outcome, count: unit.writes.count)) }
    }

    /// A shard's error in words for a client: nothing of where a shard is or what its files are called.
    static func words(_ error: ShardError) -> String {
        switch error {
        case .unavailable: "a shard does not answer"
        case .timeout: "a shard did not answer in time"
        case .diskFull: "the disk of a shard is full"
        case .storage: "a shard's store failed"
        case .behind: "a shard's store lacks what it had: it was wiped or put back to an old copy"
        case .staleEpoch: "another node leads now"
        case .unknownRuleSet, .badRequest: "a shard did not understand the question"
        }
    }
}
