import Demographics
import Identifiers
import Lookup
import Identity
import Matching
import ShardProtocol

/// The order of all writes: takes batches with what the shards knew of them and decides, one write after another.
///
/// A value without I/O, clock or randomness: the same batches in the same order lead to the same rows. Rows decided
/// but not yet visible are kept in the overlay and the window and take precedence over what a batch has read.
struct Sequencer {
    /// What the shards answered for one batch.
    struct Knowledge {
        /// Candidates of each write at or above the review threshold, in the order of record ids.
        var candidates: [[IdentityChange.Neighbour]]
        /// Rows read after the batch began.
        var rows: [ReadRequest.Address: [UInt8]?]
        /// Candidates of each record that a write decides anew, by the write's place.
        var renewals: [Int: [[IdentityChange.Neighbour]]] = [:]
        /// Feature rows of the versions that are to be replaced, where they are to be compared with the new ones.
        var former: [RecordID: [UInt8]] = [:]
    }

    /// What a batch leads to.
    struct Decided {
        var ticket: UInt64
        /// Sequence numbers used, empty where nothing was written.
        var first: Sequence
        var last: Sequence
        var outcomes: [WriteOutcome]
        var writes: [RowWrite]
        /// Whether an answer rests on a batch that is not known to be durable yet.
        var leansOnOthers = false
        var isEmpty: Bool { writes.isEmpty }
    }

    private(set) var rules: RuleSet
    private(set) var engine: IdentityEngine
    /// Tells records that were decided since the rules last changed.
    private(set) var generation: UInt8
    private var stamp: RuleSetVersion
    let planted: Set<PlantedFault>
    let stewards: StewardPolicy
    var next: Sequence
    private var overlay = RowOverlay()
    private(set) var window = InFlightWindow()
    /// Records that wait to be searched for.
    var marks = UnsearchedMarks()
    /// Systems of identifiers of which this term has stored that they are known.
    private var systems: Set<String> = []
    private var underWay: [UInt64: UInt64] = [:]
    private var completed: [UInt64: Sequence] = [:]
    private var lastTicket: UInt64 = 0
    private(set) var completedThrough: UInt64 = 0
    /// The last write of which it is known that it and all before it are durable.
    private(set) var durable: Sequence

    /// Starts after the last durable write.
    init(
        plan: RulePlan,
        after last: Sequence,
        stewards: StewardPolicy = StewardPolicy(),
        planted: Set<PlantedFault> = []
    ) {
        self.stewards = stewards
        self.planted = planted
        rules = plan.active
        engine = plan.engine
        generation = plan.generation
        stamp = plan.stamp
        next = last.next
        durable = last
    }

    /// Whether no batch is under way.
    var isIdle: Bool { underWay.isEmpty }

    /// Decides by another plan from now on.
    mutating func adopt(_ plan: RulePlan) {
        precondition(underWay.isEmpty, "the rules change between batches")
        rules = plan.active
        engine = plan.engine
        generation = plan.generation
        stamp = plan.stamp
    }

    /// Opens a batch: from now on everything decided later is kept until the batch is done.
    ///
    /// - Returns: its ticket; batches are decided in the order of their tickets.
    mutating func open() -> UInt64 {
        lastTicket += 1
        underWay[lastTicket] = completedThrough
        return lastTicket
    }

    /// Closes a batch: durable through its last write, or given up before anything of it was decided.
    mutating func close(_ ticket: UInt64, last: Sequence = .zero) {
        precondition(underWay.removeValue(forKey: ticket) != nil, "a batch is closed once")
        completed[ticket] = last
        while let last = completed.removeValue(forKey: completedThrough + 1) {
            completedThrough += 1
            durable = max(durable, last)
        }
        let horizon = underWay.values.min() ?? completedThrough
        overlay.forget(through: horizon)
        window.forget(through: horizon)
    }

    /// Decides a batch.
    ///
    /// A write whose rows cannot be read is answered so and leaves no trace.
    mutating func decide(
        _ writes: [PreparedWrite],
        ticket: UInt64,
        knowledge: Knowledge,
        at now: UInt64
    ) -> Decided {
        guard let visible = underWay[ticket] else { preconditionFailure("a batch is opened before it is decided") }
        var step = DecisionStep(ticket: ticket, visible: visible, now: now, first: next, rows: knowledge.rows)
        for (index, write) in writes.enumerated() {
            let outcome: WriteOutcome
            do throws(RowError) {
                switch write.action {
                case .upsert where mustWait(write), .delete where mustWait(write):
                    outcome = .unavailable("a version of this record waits to be searched for", retryAfter: 1)
                case .upsert where write.isRecheck && value(.unsearched(write.id), step) == nil:
                    // It was decided before.
                    marks.remove(write.id)
                    outcome = .renewed(0, wider: [])
                case .upsert(let keyed, let lookup, let document):
                    let candidates = knowledge.candidates[index]
                    let former = knowledge.former[write.id]
                    let before = next
                    outcome = try store(write, keyed, lookup, document, candidates, former, &step)
                    if write.isRecheck { release(write, outcome, since: before, &step) }
                case .delete:
                    outcome = try delete(write, &step)
                case .note(let name, _) where write.mustBeNew && value(.note(name), step) != nil:
                    outcome = .submission(.refused(.alreadyExists))
                case .note(let name, let document):
                    put(.note(name), document, &step)
                    next = next.next
                    outcome = .decided([])
                case .rule(let request): outcome = try rule(request, &step)
                case .decide(let kind, let pair, let by, let comment):
                    outcome = try settle(kind, pair, by, comment, &step)
                case .repost where write.stamp != stamp, .renew where write.stamp != stamp:
                    outcome = .renewed(0, wider: [])
                case .repost(let renewals): outcome = try repost(renewals, &step)
                case .renew(let renewals, let isForced):
                    outcome = try renew(renewals, isForced: isForced, knowledge.renewals[index] ?? [], &step)
                }
            } catch {
                outcome = .unavailable(error.text, retryAfter: 60)
            }
            let before = max(overlay.ticket(.home(write.id)), overlay.ticket(.link(write.id)))
            if before < ticket { step.leansOn = max(step.leansOn, before) }
            step.outcomes.append(outcome)
        }
        return Decided(
            ticket: ticket,
            first: step.first,
            last: Sequence(next.rawValue - 1),
            outcomes: step.outcomes,
            writes: step.writes,
            leansOnOthers: step.leansOn > completedThrough
        )
    }

    // MARK: One write

    /// Whether something waits that was said before.
    private func mustWait(_ write: PreparedWrite) -> Bool {
        !write.isRecheck && marks.holds(write.id) && !planted.contains(.overtakeUnsearched)
    }

    /// Takes the mark from a record that was searched for, in the batch that decides it.
    private mutating func release(
        _ write: PreparedWrite,
        _ outcome: WriteOutcome,
        since before: Sequence,
        _ step: inout DecisionStep
    ) {
        if case .submission(.unavailable) = outcome { return }
        put(.unsearched(write.id), nil, &step)
        marks.remove(write.id)
        // What writes a row has a number.
        if next == before { next = next.next }
    }

    /// Stores a record as its source or, with a ruling, as a steward says.
    private mutating func store(
        _ write: PreparedWrite,
        _ keyed: KeyedRecord,
        _ lookup: [UInt64],
        _ document: [UInt8],
        _ candidates: [IdentityChange.Neighbour],
        _ former: [UInt8]?,
        _ step: inout DecisionStep
    ) throws(RowError) -> WriteOutcome {
        guard let request = write.ruling else {
            return try upsert(write, keyed, lookup, document, candidates, former, &step)
        }
        if let reason = try mayStore(write, request, step) { return .refusedDecision(reason) }
        if case .undo(let number) = request.order, let target = try ruling(number, step), target.kind == .link {
            let undone = try rule(request, &step)
            guard case .ruled(let ruling) = undone else { return undone }
            let stored = try upsert(write, keyed, lookup, document, candidates, former, &step)
            return enter(ruling, stored, &step)
        }
        let outcome = try upsert(write, keyed, lookup, document, candidates, former, &step)
        return try enter(request, outcome, &step)
    }

    private mutating func upsert(
        _ write: PreparedWrite,
        _ keyed: KeyedRecord,
        _ lookup: [UInt64],
        _ document: [UInt8],
        _ candidates: [IdentityChange.Neighbour],
        _ former: [UInt8]?,
        _ step: inout DecisionStep
    ) throws(RowError) -> WriteOutcome {
        let home = try homeRow(write.id, step)
        if let home, write.isRepeated(home, document), let golden = try linkRow(write.id, step)?.golden {
            let created = home.version == 1
            return .submission(.stored(answer(write, home, golden, created: created, unchanged: true)))
        }
        if let refusal = refuse(write, home) { return .submission(.refused(refusal)) }
        if let home, !home.deleted, home.document == document, home.rules == rules.version,
            home.keys.count == keyed.keys.count + write.waiting.count + lookup.count,
            let golden = try linkRow(write.id, step)?.golden
        {
            return .submission(.stored(answer(write, home, golden, created: false, unchanged: true)))
        }
        let sequence = next
        let neighbours = try neighbours(of: keyed, candidates, step)
        if let home, !home.deleted, home.document != document,
            let held = try suspicion(write, keyed, former, neighbours.scored, step)
        {
            return try hold(held, home, &step)
        }
        let change = IdentityChange.upsert(
            record: write.id,
            at: home?.born ?? sequence,
            facts: keyed.facts,
            neighbours: neighbours.scored
        )
        var parts = neighbours.parts
        if let own = try component(of: write.id, step) { parts.insert(own) }
        guard let resolution = resolve(parts, [change]) else {
            return .unavailable("the records around this one do not fit together; a scrub is needed", retryAfter: 60)
        }
        var row = HomeRow(
            version: (home?.version ?? 0) + 1,
            sequence: sequence,
            born: home?.born ?? sequence,
            updated: step.now,
            rules: rules.version,
            keys: HomeRow.keys(keyed, waiting: write.waiting, lookup: lookup),
            key: write.key,
            document: document
        )
        row.replaced = write.isReplaced
        row.generation = generation
        store(row, over: home, as: write.id, keyed: keyed, waiting: write.waiting, &step)
        note(write.systems, &step)
        let about = ChangedRecord(
            record: write.id,
            version: row.version,
            change: home.map(\.deleted) ?? true ? .created : .updated
        )
        record(resolution, of: parts, at: sequence, about: about, &step)
        window.insert(keyed, ticket: step.ticket)
        keepLink(write.id, step)
        guard let golden = resolution.golden(of: write.id) else {
            preconditionFailure("a live record has a golden identifier")
        }
        let created = home.map(\.deleted) ?? true
        return .submission(.stored(answer(write, row, golden, created: created, unchanged: false)))
    }

    private mutating func delete(_ write: PreparedWrite, _ step: inout DecisionStep) throws(RowError) -> WriteOutcome {
        guard let home = try homeRow(write.id, step), !home.deleted, home.key == write.key else {
            return .submission(.refused(.notFound))
        }
        if let refusal = refuse(write, home) { return .submission(.refused(refusal)) }
        let sequence = next
        let parts = Parts(try component(of: write.id, step))
        guard let resolution = resolve(parts, [.remove(record: write.id)]) else {
            return .unavailable("the records around this one do not fit together; a scrub is needed", retryAfter: 60)
        }
        var row = home
        row.deleted = true
        row.version += 1
        row.sequence = sequence
        row.updated = step.now
        row.keys = []
        row.replaced = false
        store(row, over: home, as: write.id, keyed: nil, waiting: [], &step)
        let about = ChangedRecord(record: write.id, version: row.version, change: .removed)
        record(resolution, of: parts, at: sequence, about: about, &step)
        window.remove(write.id)
        return .submission(.removed(write.key, version: row.version))
    }

    private mutating func settle(
        _ kind: StewardDecision.Kind?,
        _ pair: RecordPair,
        _ by: String,
        _ comment: String,
        _ step: inout DecisionStep
    ) throws(RowError) -> WriteOutcome {
        guard let first = try component(of: pair.a, step), let second = try component(of: pair.b, step) else {
            return .refusedDecision("a decision names two stored records")
        }
        var parts = Parts(first)
        parts.insert(second)
        let sequence = next
        let change: IdentityChange =
            if let kind {
                .decide(StewardDecision(kind: kind, pair: pair, at: sequence, by: by, comment: comment))
            } else {
                .undo(pair)
            }
        guard let resolution = resolve(parts, [change]) else {
            return .refusedDecision("the component holds too many decisions")
        }
        record(resolution, of: parts, at: sequence, &step)
        return .decided(resolution.events)
    }

    // MARK: Reading

    func value(_ address: ReadRequest.Address, _ step: DecisionStep) -> [UInt8]? {
        if let known = overlay.value(address) { return known }
        return step.rows[address] ?? nil
    }

    func homeRow(_ id: RecordID, _ step: DecisionStep) throws(RowError) -> HomeRow? {
        guard let bytes = value(.home(id), step) else { return nil }
        return try HomeRow(decoding: bytes)
    }

    func linkRow(_ id: RecordID, _ step: DecisionStep) throws(RowError) -> LinkRow? {
        guard let bytes = value(.link(id), step) else { return nil }
        return try LinkRow(decoding: bytes)
    }

    func component(of id: RecordID, _ step: DecisionStep) throws(RowError) -> Part? {
        switch try linkRow(id, step) {
        case nil: return nil
        case .single(let golden, let born, let facts):
            return Part(stored: nil, component: LinkRow.singleton(id, golden: golden, born: born, facts: facts))
        case .member(let component, _):
            guard let bytes = value(.component(component), step) else { throw .malformed(.component) }
            guard let decoded = try? bytes.withUnsafeBytes({ try Component(decoding: $0) }) else {
                throw .malformed(.component)
            }
            return Part(stored: component, component: decoded)
        }
    }

    func refuse(_ write: PreparedWrite, _ home: HomeRow?) -> SubmissionOutcome.Refusal? {
        if let home, home.key != write.key { return .addressCollision(with: home.key) }
        let live = home.map { !$0.deleted } ?? false
        if write.mustBeNew, live { return .alreadyExists }
        // What a steward rules may take a replacement back; what a source sends may not.
        if case .upsert = write.action, let home, live, home.replaced, !write.isReplaced, write.ruling == nil {
            return .replaced
        }
        guard let expected = write.expectedVersion else { return nil }
        let current = live ? home?.version ?? 0 : 0
        return expected == current ? nil : .versionConflict(current: current)
    }

    private func answer(
        _ write: PreparedWrite,
        _ home: HomeRow,
        _ golden: GoldenID,
        created: Bool,
        unchanged: Bool
    ) -> SubmissionOutcome.Stored {
        SubmissionOutcome.Stored(
            key: write.key,
            id: write.id,
            golden: golden,
            version: home.version,
            created: created,
            unchanged: unchanged,
            updated: home.updated
        )
    }

    // MARK: Neighbours and identity

    func neighbours(
        of keyed: KeyedRecord,
        _ candidates: [IdentityChange.Neighbour],
        _ step: DecisionStep
    ) throws(RowError) -> (scored: [IdentityChange.Neighbour], parts: Parts) {
        var scored: [IdentityChange.Neighbour] = []
        var parts = Parts(nil)
        // A snapshot that is out of date on a record must not speak for it: the window scores its latest version.
        let trusted = planted.contains(.trustStaleSnapshot)
        for candidate in candidates where trusted || !window.holds(candidate.record, after: step.visible) {
            scored.append(candidate)
        }
        do {
            for (record, weight) in try window.neighbours(
                of: keyed,
                after: step.visible,
                rules: rules,
                floor: rules.reviewThreshold
            )
            where !planted.contains(.skipInFlight) && (!trusted || !scored.contains { $0.record == record }) {
                scored.append(IdentityChange.Neighbour(record, weight))
            }
        } catch {
            throw .malformed(.feature)
        }
        scored.sort { $0.record < $1.record }
        var kept: [IdentityChange.Neighbour] = []
        for neighbour in scored {
            // A posting may outlive its record for a moment: what has no golden identifier is gone.
            guard try linkRow(neighbour.record, step)?.golden != nil else { continue }
            kept.append(neighbour)
            if neighbour.weight >= rules.matchThreshold, !parts.contains(neighbour.record),
                let part = try component(of: neighbour.record, step)
            {
                parts.insert(part)
            }
        }
        return (kept, parts)
    }

    mutating func resolve(_ parts: Parts, _ changes: [IdentityChange]) -> Resolution? {
        var birth = next
        guard let resolution = try? engine.resolve(parts.components, applying: changes, nextBirth: &birth) else {
            return nil
        }
        next = max(next.next, birth)
        return resolution
    }

    // MARK: Effects

    mutating func put(_ address: ReadRequest.Address, _ value: [UInt8]?, _ step: inout DecisionStep) {
        overlay.write(address, value, ticket: step.ticket)
        step.writes.append(.row(address, value))
    }

    /// Lets whatever is decided later compare with a record, though the shards may not show it yet.
    mutating func compare(_ keyed: KeyedRecord, _ step: DecisionStep) {
        window.insert(keyed, ticket: step.ticket)
        keepLink(keyed.id, step)
    }

    /// Whoever meets a record in the window must find where it stands, also where its write did not move it.
    private mutating func keepLink(_ id: RecordID, _ step: DecisionStep) {
        let address = ReadRequest.Address.link(id)
        guard overlay.ticket(address) < step.ticket, let link = value(address, step) else { return }
        overlay.write(address, link, ticket: step.ticket)
    }

    private mutating func store(
        _ row: HomeRow,
        over old: HomeRow?,
        as id: RecordID,
        keyed: KeyedRecord?,
        waiting: [UInt64],
        _ step: inout DecisionStep
    ) {
        if let old, !planted.contains(.forgetVersions) {
            let history = ReadRequest.Address(.history, StoreKey(id.rawValue, sub: UInt64(old.version)))
            step.writes.append(.row(history, old.encoded()))
        }
        put(.home(id), row.encoded(), &step)
        let before = old?.keys.map(\.hash) ?? []
        let after = row.keys.map(\.hash)
        for key in before where !after.contains(key) {
            step.writes.append(.unpost(key: key, record: id))
        }
        // Feature rows lie where candidates are scored: beside the blocking keys, not beside the keys for looking up.
        let scored = (keyed?.keys.map(\.hash) ?? []) + waiting
        // A move of slots copies them beside keys for looking up as well: those go with the next write.
        if !before.isEmpty { step.writes.append(.dropFeature(id, keys: before, keeping: scored)) }
        guard let keyed else { return }
        step.writes.append(.feature(id, row: keyed.row, keys: scored))
        for key in after {
            step.writes.append(.post(key: key, sketch: keyed.sketch.bits, record: id))
        }
    }

    /// Most systems remembered in a term; the marks of further ones are written again with each record.
    private static let systemLimit = 10_000

    /// Marks systems as known, each once in a term.
    private mutating func note(_ found: [String], _ step: inout DecisionStep) {
        for system in found where !system.isEmpty && !systems.contains(system) {
            if systems.count < Self.systemLimit { systems.insert(system) }
            step.writes.append(.row(.system(system), Array(system.utf8)))
        }
    }

    /// Puts a question into the queue, and under both of its records, or takes it away.
    private mutating func put(_ task: ReviewTask, _ row: [UInt8]?, _ step: inout DecisionStep) {
        put(.review(task), row, &step)
        for record in [task.pair.a, task.pair.b] { step.writes.append(.row(.question(task, of: record), row)) }
    }

    mutating func record(
        _ resolution: Resolution,
        of parts: Parts,
        at sequence: Sequence,
        about: ChangedRecord? = nil,
        isSilent: Bool = false,
        _ step: inout DecisionStep
    ) {
        let before = parts.standing
        for id in parts.storedComponents where !resolution.components.contains(where: { $0.id == id }) {
            put(.component(id), nil, &step)
        }
        for resolved in resolution.components {
            let single = LinkRow(single: resolved.component)
            if single != nil {
                if parts.storedComponents.contains(resolved.id) { put(.component(resolved.id), nil, &step) }
            } else {
                put(.component(resolved.id), resolved.component.encoded(), &step)
            }
            for member in resolved.component.members {
                let link = single ?? .member(component: resolved.id, golden: member.golden)
                if before.links[member.record] != link { put(.link(member.record), link.encoded(), &step) }
            }
            for anchor in resolved.component.anchors
            where !planted.contains(.forgetRedirect) && before.anchors[anchor.golden] != anchor.record {
                put(.golden(anchor.golden), GoldenRow.anchored(anchor.record).encoded(), &step)
            }
        }
        for record in resolution.forgotten { put(.link(record), nil, &step) }
        for golden in resolution.extinct { put(.golden(golden), GoldenRow.extinct.encoded(), &step) }
        for task in resolution.settled { put(task, nil, &step) }
        for task in resolution.reviews { put(task, ReviewRow(task: task, raised: step.now).encoded(), &step) }
        if isSilent { return }
        let change = ChangeRow(at: step.now, record: about, events: resolution.events)
        put(.change(sequence), change.encoded(), &step)
        for (golden, events) in PersonChange.byGolden(resolution.events, at: sequence)
        where !planted.contains(.forgetPast) {
            let row = ChangeRow(at: step.now, events: events)
            step.writes.append(.row(.personChange(golden, sequence), row.encoded()))
        }
    }
}
