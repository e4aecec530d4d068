public import Demographics
public import Identifiers
public import Identity
import Locks
public import Matching
public import ShardProtocol
import Bytes
import RuleSets
public import Topology

/// The registry as the doors see it: takes writes while this node leads, answers questions at any time.
///
///     let registry = Registry(map: map, connect: client, rules: rules, control: control, clock: clock)
///     async let life: Void = registry.run()
///     let outcomes = await registry.submit([submission])
public final class Registry: Registering {
    private struct State {
        var leading = false
        var reason = "starting"
        var epoch = Epoch(0)
        var sequencer: LeaderSequencer?
        var progress: MoveProgress?
        var keeper: Keeper?
        var ruleKeeper: RuleKeeper?
    }

    /// Milliseconds of waiting and leading after which an end of it is no repetition of the one before.
    private static let longTerm: UInt64 = 10_000

    let fanOut: FanOut
    /// The rules that this node was started with.
    private let configured: RuleSet
    let control: any ControlPlaneClient
    private let link: (any LeaderLink)?
    private let tools: KeepingTools
    let limits: CoordinatorLimits
    let clock: any CoordinatorClock
    private let observe: @Sendable (CoordinatorEvent) -> Void
    private let journal: ClusterJournal
    private let queue: WriteQueue
    private let planted: Set<PlantedFault>
    private let state = Mutex(State())

    /// Puts a registry together; nothing happens before `run`.
    ///
    /// - Parameters:
    ///   - map: the cluster map as far as it is known; the control plane has the last word.
    ///   - connect: makes the client of a group, also of one that joins later.
    ///   - rules: the active rule set.
    ///   - control: decides who leads, and keeps the map.
    ///   - link: the way to another coordinator that leads; without it this one takes writes only while it leads.
    ///   - tools: what backups and scrubs need.
    ///   - limits: bounds.
    ///   - clock: time.
    ///   - journal: what happened to the cluster is noted there; one of its own where there is none.
    ///   - observe: told what operators want to know.
    public convenience init(
        map: StoredMap,
        connect: @escaping @Sendable (ShardGroup) -> any ShardClient,
        rules: RuleSet,
        control: any ControlPlaneClient,
        link: (any LeaderLink)? = nil,
        tools: KeepingTools = KeepingTools(),
        limits: CoordinatorLimits = CoordinatorLimits(),
        clock: any CoordinatorClock,
        journal: ClusterJournal? = nil,
        observe: @escaping @Sendable (CoordinatorEvent) -> Void = { _ in }
    ) {
        self.init(
            map: map,
            connect: connect,
            rules: rules,
            control: control,
            link: link,
            tools: tools,
            limits: limits,
            clock: clock,
            planted: [],
            journal: journal,
            observe: observe
        )
    }

    /// Puts a registry together with faults for a test to find.
    package init(
        map: StoredMap,
        connect: @escaping @Sendable (ShardGroup) -> any ShardClient,
        rules: RuleSet,
        control: any ControlPlaneClient,
        link: (any LeaderLink)? = nil,
        tools: KeepingTools = KeepingTools(),
        limits: CoordinatorLimits,
        clock: any CoordinatorClock,
        planted: Set<PlantedFault>,
        journal: ClusterJournal? = nil,
        observe: @escaping @Sendable (CoordinatorEvent) -> Void = { _ in }
    ) {
        self.planted = planted
        limits.check()
        let table = RoutingTable(map, writesBoth: !planted.contains(.skipDoubleWrite), connect: connect)
        fanOut = FanOut(table: table, force: RulesInForce(RulePlan(active: rules)))
        configured = rules
        self.control = control
        self.link = link
        self.tools = tools
        self.limits = limits
        self.clock = clock
        self.observe = observe
        self.journal = journal ?? ClusterJournal(clock: clock)
        queue = WriteQueue(limits: limits)
    }

    /// Leads, again and again, until the task is cancelled.
    public func run() async {
        await withTaskCancellationHandler {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.follow() }
                group.addTask { await self.followRules() }
                var pause = limits.leadPause
                while !Task.isCancelled {
                    let began = clock.milliseconds()
                    let reason = await lead()
                    if Task.isCancelled { break }
                    stand(down: reason)
                    await clock.sleep(pause)
                    let isNews = clock.milliseconds() > began + Self.longTerm
                    pause = isNews ? limits.leadPause : min(pause * 2, limits.leadPauseMost)
                }
                group.cancelAll()
            }
        } onCancel: {
            queue.close("this node is stopping")
        }
    }

    /// Keeps the routing at the map of the control plane, whoever leads.
    private func follow() async {
        var known: ClusterMap?
        for await stored in control.changes() {
            fanOut.table.install(stored)
            for news in known.map({ MapNews.between($0, stored.map) }) ?? [] {
                journal.note(news.kind, news.subject, news.text)
            }
            known = stored.map
        }
    }

    /// Keeps to the rules of the registry while another node leads.
    private func followRules() async {
        let shelf = RuleShelf(fanOut: fanOut)
        var known = RuleBook()
        var leader = control.leader()
        while !Task.isCancelled {
            await clock.sleep(limits.rulesPause)
            noteLeader(after: &leader)
            guard !state.withLock({ $0.leading }), control.leader() != nil else { continue }
            do throws(RegistryError) {
                let book = try await shelf.book()
                guard book.plan != known.plan else { continue }
                let plan = try await shelf.plan(book, configured: configured)
                // Who leads has its plan from its own keeper.
                if !state.withLock({ $0.leading }) { fanOut.force.install(plan) }
                known = book
            } catch {
                continue
            }
        }
    }

    /// Notes that another node leads; a term of this node's own is noted when it begins.
    private func noteLeader(after last: inout Leader?) {
        let now = control.leader()
        defer { last = now }
        guard let now, now != last, !state.withLock({ $0.leading }) else { return }
        journal.note(.leading, now.name, now.epoch.map { "epoch \($0)" } ?? "")
    }

    private func lead() async -> String {
        let epoch: Epoch
        do {
            epoch = try await control.beginEpoch()
        } catch {
            return "the control plane does not answer: \(error)"
        }
        let term: LeaderTerm
        do throws(ShardError) {
            term = try await LeaderTerm.begin(
                fanOut: fanOut,
                control: control,
                epoch: epoch,
                configured: configured,
                queue: queue,
                tools: tools,
                limits: limits,
                clock: clock,
                planted: planted,
                lease: { [control] in control.holds(epoch) }
            )
        } catch {
            // Another node may reach the shards that this one does not.
            await control.resign(epoch)
            return "recovery is not possible yet: \(WritePath.words(error))"
        }
        term.open()
        state.withLock {
            $0 = State(
                leading: true,
                reason: "",
                epoch: epoch,
                sequencer: term.sequencer,
                progress: term.mover.progress,
                keeper: term.keeper,
                ruleKeeper: term.ruleKeeper
            )
        }
        let report = term.report
        observe(.leading(epoch, last: report.last, finished: report.finished, dropped: report.dropped))
        journal.note(
            .leading,
            control.leader()?.name ?? "this node",
            "epoch \(epoch), \(report.finished) batches finished, \(report.dropped) dropped"
        )
        let reason = await term.run()
        return reason.map { "the term ended: \(WritePath.words($0))" } ?? "this node is stopping"
    }

    private func stand(down reason: String) {
        state.withLock { state in
            state.leading = false
            state.reason = reason
        }
        observe(.notLeading(reason))
        journal.note(.notLeading, "this node", reason)
    }

    // MARK: Writes

    /// Stores or removes records, each on its own.
    public func submit(_ submissions: [Submission]) async -> [SubmissionOutcome] {
        guard !submissions.isEmpty else { return [] }
        let plan = fanOut.force.plan
        let parts = parts(of: submissions.map { PreparedWrite($0, plan: plan) })
        return answers(await handIn(parts))
    }

    /// Cuts a long hand-in into parts of at most a batch each.
    private func parts(of writes: [PreparedWrite]) -> [[PreparedWrite]] {
        var parts: [[PreparedWrite]] = [[]]
        var bytes = 0
        for write in writes {
            let count = parts[parts.count - 1].count
            if count > 0, count >= limits.batchRecords || bytes + write.size > limits.batchBytes {
                parts.append([])
                bytes = 0
            }
            parts[parts.count - 1].append(write)
            bytes += write.size
        }
        return parts
    }

    private func answers(_ outcomes: [WriteOutcome]) -> [SubmissionOutcome] {
        outcomes.map { outcome in
            guard case .submission(let answer) = outcome else {
                preconditionFailure("a submission is answered by a submission outcome")
            }
            return answer
        }
    }

    /// Puts writes in line here, or where the leader is.
    private func handIn(_ units: [[PreparedWrite]]) async -> [WriteOutcome] {
        guard let peer else { return await queue.submit(units, now: clock.milliseconds()) }
        return await peer.submit(units, rules: fanOut.force.plan.stamp)
    }

    /// The leader, where it is another node that can be reached.
    private var peer: LeaderPeer? {
        guard let link, !state.withLock({ $0.leading }), let leader = control.leader() else { return nil }
        return LeaderPeer(leader: leader, link: link)
    }

    /// How far the move is that this node carries out while it leads.
    var moveFigures: MoveProgress.Figures? { state.withLock { $0.leading ? $0.progress?.figures : nil } }

    /// Whether this node takes writes by itself.
    public var isLeading: Bool { state.withLock { $0.leading } }

    /// Answers another coordinator, which takes this node for the leader; never passes anything on.
    ///
    /// - Parameter message: what its `LeaderLink` carries.
    /// - Returns: what that brings back.
    public func answer(peer message: [UInt8]) async -> [UInt8] {
        await PeerService(
            queue: queue,
            rules: fanOut.force.plan.stamp,
            rekeys: tools.reading != nil,
            now: clock.milliseconds(),
            durable: state.withLock { $0.leading } ? lastDurable() : nil,
            keeper: state.withLock { $0.leading ? $0.keeper : nil },
            ruleKeeper: state.withLock { $0.leading ? $0.ruleKeeper : nil }
        ).answer(message).encoded()
    }

    /// The last write of which this node knows that it is durable on every shard.
    private func lastDurable() -> Sequence {
        state.withLock { $0.sequencer }?.durable ?? .zero
    }

    private func lastDurableAnywhere() async throws(RegistryError) -> Sequence {
        guard let peer else { return lastDurable() }
        return try await peer.durable()
    }

    /// Records a steward's decision and carries it out.
    public func decide(_ decision: StewardDecision) async throws(RegistryError) -> [IdentityEvent] {
        let write = PreparedWrite(
            id: decision.pair.a,
            key: RecordKey(source: "", value: ""),
            action: .decide(decision.kind, decision.pair, by: decision.by, comment: decision.comment)
        )
        guard let outcome = await handIn([[write]]).first else { return [] }
        switch outcome {
        case .decided(let events): return events
        case .refusedDecision(let text): throw .invalid(text)
        case .submission(.unavailable(let reason, let seconds)):
            throw .unavailable(reason: reason, retryAfterSeconds: seconds)
        case .submission, .ruled, .renewed: throw .corrupt("a decision was answered like a submission")
        }
    }

    /// Keeps a small document beside the records under a name, in place of what was there; `nil` removes it.
    public func note(_ name: String, _ document: [UInt8]?) async throws(RegistryError) {
        let write = PreparedWrite(note: name, document)
        guard let outcome = await handIn([[write]]).first else { return }
        if case .submission(.unavailable(let reason, let seconds)) = outcome {
            throw .unavailable(reason: reason, retryAfterSeconds: seconds)
        }
    }

    /// Gives the leader an order about what the registry keeps; any node takes it.
    public func keep(_ order: KeepingOrder) async throws(RegistryError) -> KeepingReport {
        if let peer { return try await peer.keep(order) }
        guard let keeper = state.withLock({ $0.leading ? $0.keeper : nil }) else {
            throw .unavailable(reason: "no coordinator leads", retryAfterSeconds: 1)
        }
        return try await keeper.take(order)
    }

    /// Gives the leader an order about the rules; any node takes it.
    public func rules(_ order: RulesOrder) async throws(RegistryError) -> RulesReport {
        if let peer { return try await peer.rules(order) }
        guard let keeper = state.withLock({ $0.leading ? $0.ruleKeeper : nil }) else {
            throw .unavailable(reason: "no coordinator leads", retryAfterSeconds: 1)
        }
        return try await keeper.take(order)
    }

    /// Reads a rule set as a file.
    public func ruleFile(_ version: RuleSetVersion) async throws(RegistryError) -> [UInt8]? {
        let shelf = RuleShelf(fanOut: fanOut)
        let book = try await shelf.book()
        guard let entry = book.entry(version) else {
            return version == configured.version ? Array(configured.yaml().utf8) : nil
        }
        let stored = try await shelf.stored(entry)
        guard stored.text.isEmpty else { return stored.text }
        return Array(try await shelf.rules(version, in: book).yaml().utf8)
    }

    /// Keeps a document under a name that is not taken yet.
    public func note(new name: String, _ document: [UInt8]) async throws(RegistryError) -> Bool {
        var write = PreparedWrite(note: name, document)
        write.mustBeNew = true
        switch await handIn([[write]]).first {
        case .submission(.unavailable(let reason, let seconds)):
            throw .unavailable(reason: reason, retryAfterSeconds: seconds)
        case .submission: return false
        default: return true
        }
    }

    /// Reads documents that `note` keeps.
    public func notes(_ names: [String]) async throws(RegistryError) -> [[UInt8]?] {
        let rows = try await reader.read(names.map { .note($0) })
        return names.map { rows[.note($0)] ?? nil }
    }

    // MARK: Stewards

    /// Rules: carries a steward's order out and enters it into the book.
    public func rule(_ request: RulingRequest, storing former: Submission?) async throws(RegistryError) -> Ruling {
        var request = request
        let book = self.book
        var write = PreparedWrite(
            id: request.standing.first ?? RecordID(0),
            key: RecordKey(source: "", value: ""),
            action: .rule(request)
        )
        if case .release(let record) = request.order {
            guard let bytes = try await reader.read([.held(record)])[.held(record)] ?? nil else {
                throw .invalid("no update of this record is held")
            }
            write = try reader.row { () throws(RowError) in try HeldRow(decoding: bytes) }.write
            // It may have been held since before the rules changed.
            write = write.keyed(by: fanOut.force.plan, reading: tools.reading)
            write.isVouched = true
            write.ruling = request
        } else if let number = request.order.number {
            guard let target = try await book.ruling(number) else { throw .invalid("there is no such ruling") }
            let named = target.verdicts.flatMap { [$0.pair.a, $0.pair.b] } + target.records
            request.records = Array(Set(named)).sorted()
            write.action = .rule(request)
            if let former {
                write = PreparedWrite(former, plan: fanOut.force.plan)
                write.isVouched = true
                write.ruling = request
            }
        }
        switch await handIn([[write]]).first {
        case .ruled(let ruling): return ruling
        case .refusedDecision(let reason): throw .invalid(reason)
        case .submission(.unavailable(let reason, let seconds)):
            throw .unavailable(reason: reason, retryAfterSeconds: seconds)
        default: throw .corrupt("a ruling was answered like something else")
        }
    }

    private var book: RulingReader { RulingReader(rows: reader, engine: fanOut.force.plan.engine) }

    /// Says what an order would lead to as things stand; `nil` where it changes no person.
    public func preview(_ order: RulingOrder, by author: String) async throws(RegistryError) -> StewardPlan? {
        guard let order = try await book.order(of: order) else { return nil }
        return try await book.preview(order, by: author)
    }

    /// Reads an entry of the book of rulings.
    public func ruling(_ number: UInt64) async throws(RegistryError) -> Ruling? { try await book.ruling(number) }

    /// Reads entries of the book of rulings, the newest first.
    public func rulings(before: UInt64?, limit: Int) async throws(RegistryError) -> [Ruling] {
        try await book.rulings(before: before, limit: limit)
    }

    /// Lists updates that are held.
    public func held(limit: Int) async throws(RegistryError) -> [HeldUpdate] { try await feed.held(limit: limit) }

    /// Reads a document that `note` keeps.
    public func note(_ name: String) async throws(RegistryError) -> [UInt8]? {
        try await reader.read([.note(name)])[.note(name)].flatMap { $0 }
    }

    // MARK: Questions

    private var reader: RowReader { RowReader(fanOut: fanOut, limits: limits, clock: clock) }
    private var feed: FeedReader { FeedReader(rows: reader) }

    /// Reads a record by its key, removed ones included.
    public func record(_ key: RecordKey) async throws(RegistryError) -> StoredRecord? {
        try await reader.recordOrWaiting(key.id, key: key)
    }

    /// Reads a record by its address, removed ones included.
    public func record(id: RecordID) async throws(RegistryError) -> StoredRecord? {
        try await reader.recordOrWaiting(id, key: nil)
    }

    /// Reads an earlier or the current version of a record.
    public func record(id: RecordID, version: UInt32) async throws(RegistryError) -> StoredRecord? {
        try await reader.record(id, version: version)
    }

    /// Reads a person by a golden identifier, also by a retired one.
    public func person(_ golden: GoldenID) async throws(RegistryError) -> PersonView? {
        try await reader.person(golden)
    }

    /// Finds stored records that may be the same person; writes nothing.
    public func match(_ record: SourceRecord, limit: Int) async throws(RegistryError) -> MatchAnswer {
        try await MatchReader(rows: reader, rules: fanOut.rules).match(record, limit: limit)
    }

    /// Reads the person that a golden identifier stood for at a moment, in milliseconds since 1970.
    public func person(_ golden: GoldenID, at time: UInt64) async throws(RegistryError) -> PersonView? {
        try await HistoryReader(rows: reader).person(golden, at: time)
    }

    /// Reads what happened to a golden identifier, in order; nothing for one that was never given out.
    public func history(of golden: GoldenID) async throws(RegistryError) -> ChangesPage {
        let entries = try await HistoryReader(rows: reader).timeline(of: golden).entries
        return ChangesPage(entries: entries, next: entries.last?.sequence ?? .zero, more: false)
    }

    /// Says why two records are or are not one person.
    public func explain(
        _ first: RecordKey,
        _ second: RecordKey
    ) async throws(RegistryError) -> ExplainAnswer? {
        try await MatchReader(rows: reader, rules: fanOut.rules, reading: tools.reading).explain(first, second)
    }

    /// Reads the change feed in order.
    public func changes(after: Sequence, limit: Int) async throws(RegistryError) -> ChangesPage {
        var through = try await lastDurableAnywhere()
        if planted.contains(.feedAhead) { through = through.next.next }
        return try await feed.changes(after: after, through: through, limit: limit)
    }

    /// Where the change feed ends.
    public func latest() async throws(RegistryError) -> Sequence { try await lastDurableAnywhere() }

    /// Lists open questions for stewards, most harmful first.
    public func reviews(limit: Int) async throws(RegistryError) -> [ReviewItem] {
        try await feed.reviews(limit: limit)
    }

    /// Reads the open questions about each record.
    public func reviews(about records: [RecordID]) async throws(RegistryError) -> [[ReviewItem]] {
        try await QuestionReader(rows: reader).questions(about: records)
    }

    /// Walks all live records.
    public func links(after: RecordID?, limit: Int) async throws(RegistryError) -> LinksPage {
        try await feed.links(after: after, limit: limit)
    }

    /// Reads live records that are posted under any of the keys, in the order of their addresses.
    public func lookup(
        _ keys: [UInt64],
        after: RecordID?,
        limit: Int
    ) async throws(RegistryError) -> RecordsPage {
        try await LookupReader(rows: reader).lookup(keys, after: after, limit: limit)
    }

    /// Walks all live records with their documents.
    public func records(after: RecordID?, limit: Int) async throws(RegistryError) -> RecordsPage {
        try await feed.records(after: after, limit: limit)
    }

    /// Reads the other records of each record's person.
    public func companions(of records: [StoredRecord]) async throws(RegistryError) -> [[StoredRecord]] {
        try await LookupReader(rows: reader).companions(of: records)
    }

    /// Reads versions of a record.
    public func record(id: RecordID, versions: [UInt32]) async throws(RegistryError) -> [StoredRecord?] {
        try await LookupReader(rows: reader).record(id, versions: versions)
    }

    /// Says whether a record was ever stored with an identifier of this system.
    public func knows(system: String) async throws(RegistryError) -> Bool {
        try await reader.read([.system(system)])[.system(system)].flatMap { $0 } != nil
    }

    /// Gives leadership up at the end, so that another node need not wait until the lease lapses.
    public func resign() async {
        let epoch = state.withLock { $0.epoch }
        await control.resign(epoch)
    }

    /// Says how the cluster is.
    public func status() async -> ClusterStatus {
        let (leading, reason, epoch) = state.withLock { ($0.leading, $0.reason, $0.epoch) }
        let reader = ShardStatusReader(fanOut: fanOut, clock: clock, deadline: limits.statusDeadline)
        var shards = await reader.read()
        let (routing, heat) = (fanOut.routing, fanOut.heat.perMinute(now: clock.milliseconds()))
        var asked: [ShardID: Double] = [:]
        for (number, questions) in heat.enumerated() {
            if let slot = Slot(number) { asked[routing.owner(of: slot), default: 0] += questions }
        }
        for place in shards.indices {
            shards[place].questions = Int(asked[shards[place].id, default: 0].rounded())
        }
        let leader = leading ? nil : control.leader()
        return ClusterStatus(
            leading: leading,
            reason: leading ? "" : leader.map { "\($0.name) leads" } ?? reason,
            leader: leader,
            epoch: leader?.epoch ?? epoch,
            through: lastDurable(),
            rules: fanOut.rules.version,
            inFlight: queue.inFlight,
            shards: shards,
            unsearched: leading ? state.withLock { $0.sequencer }?.unsearched.count ?? 0 : 0,
            takesUnsearched: fanOut.rules.takesUnsearched,
            hot: HotSlot.hottest(heat, owner: routing.owner)
        )
    }

    /// What happened to the cluster, as this node saw it.
    public func events(after number: UInt64) async -> [ClusterJournal.Entry] { journal.entries(after: number) }
}
