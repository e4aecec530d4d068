import Identifiers
import Matching
import RuleSets
import ShardProtocol

/// Keeps the book of rules while this node leads, and carries out the change that is in it.
actor RuleKeeper {
    /// How long it rests between two looks at what is to be done.
    private static let pause: Duration = .milliseconds(100)
    /// How long it rests after something failed.
    static let retry: Duration = .seconds(1)
    /// How long it rests where no record waits to be tried.
    static let trialPause: Duration = .milliseconds(100)
    /// Stored records read at once to be tried.
    static let trialPage = 64

    private let configured: RuleSet
    let fanOut: FanOut
    let sequencer: LeaderSequencer
    private let queue: WriteQueue
    let reading: KeepingTools.Reading?
    let limits: CoordinatorLimits
    let clock: any CoordinatorClock
    private(set) var book: RuleBook
    let desk: TrialDesk
    private var work = RulesReport.Work()
    /// The trial on stored records.
    var replay: (view: TrialView, rules: RuleSet, perMille: UInt64, rate: UInt64)?
    /// Counts of names and keys.
    var counting = CountingDesk()
    /// Whether an order is being carried out: they come one after another.
    private var isBusy = false
    /// Whether the book is being written.
    private var isWriting = false

    init(
        book: RuleBook,
        configured: RuleSet,
        fanOut: FanOut,
        sequencer: LeaderSequencer,
        queue: WriteQueue,
        desk: TrialDesk,
        tools: KeepingTools,
        _ limits: CoordinatorLimits,
        _ clock: any CoordinatorClock
    ) {
        self.book = book
        self.configured = configured
        self.fanOut = fanOut
        self.sequencer = sequencer
        self.queue = queue
        self.desk = desk
        reading = tools.reading
        self.limits = limits
        self.clock = clock
    }

    private var shelf: RuleShelf { RuleShelf(fanOut: fanOut) }
    private var deciding: RuleSetVersion { book.deciding ?? configured.version }

    /// How it stands.
    var report: RulesReport {
        var report = RulesReport(book: book, configured: configured.version, deciding: deciding, work: work)
        report.shadow = desk.view
        report.replay = replay?.view
        report.counts = countingView
        return report
    }

    // MARK: Orders

    /// Takes an order; what takes long is done by `run`.
    func take(_ order: RulesOrder) async throws(RegistryError) -> RulesReport {
        if case .report = order.action { return report }
        guard !isBusy else { throw .unavailable(reason: "another order is being carried out", retryAfterSeconds: 1) }
        isBusy = true
        defer { isBusy = false }
        switch order.action {
        case .report: break
        case .put(let text): try await put(text, order)
        case .activate(let version, let rate): try await activate(version, .activated, rate, order)
        case .rollBack(let rate): try await rollBack(rate, order)
        case .pause(let rests, let rate):
            guard book.transition != nil else { throw .invalid("no change of rules is under way") }
            try await change { book in
                book.transition?.isPaused = rests
                if let rate { book.transition?.recordsPerSecond = rate }
            }
        case .refresh(let version, let alternative): try await beginRefresh(version, alternative, order)
        case .shadow(let version):
            let candidate = try await candidate(version)
            try await change { $0.shadow = version }
            beginShadow(candidate)
        case .replay(let version, let share, let rate):
            guard share > 0 else {
                replay?.view.phase = .failed
                replay?.view.fault = "it was ended"
                break
            }
            guard replay?.view.phase != .running else { throw .invalid("one trial on stored records at a time") }
            guard let candidate = try await candidate(version) else { break }
            var view = TrialView(version: version, began: clock.milliseconds())
            view.unposted = RuleTrial.unposted(candidate, beside: fanOut.rules)
            replay = (view, candidate, share, rate)
        }
        return report
    }

    func candidate(_ version: RuleSetVersion?) async throws(RegistryError) -> RuleSet? {
        guard let version else { return nil }
        guard reading != nil else { throw .invalid("the node that leads cannot read stored documents") }
        guard book.entry(version) != nil else { throw .invalid("there is no rule set \(version)") }
        return try await shelf.rules(version, in: book)
    }

    func beginShadow(_ candidate: RuleSet?) {
        let unposted = candidate.map { RuleTrial.unposted($0, beside: fanOut.rules) } ?? 0
        desk.begin(candidate, unposted: unposted, at: clock.milliseconds())
    }

    private func put(_ text: [UInt8], _ order: RulesOrder) async throws(RegistryError) {
        let rules = try RuleFileReading.rules(text)
        try await keep(rules, text: text, by: order.by, comment: order.comment)
    }

    /// Stores a rule set, the pieces before the book that names them.
    private func keep(_ rules: RuleSet, text: [UInt8], by: String, comment: String) async throws(RegistryError) {
        guard book.entry(rules.version) == nil else { return }
        guard book.versions.count < RuleBook.versionLimit else {
            throw .invalid("a registry keeps \(RuleBook.versionLimit) rule sets, and has them")
        }
        let (notes, bytes) = RuleShelf.notes(rules, text: text)
        for note in notes { try await write(note.name, note.bytes) }
        let version = RuleBook.Version(
            version: rules.version,
            name: rules.name,
            at: clock.milliseconds(),
            by: by,
            comment: comment,
            bytes: bytes
        )
        try await change { $0.versions.append(version) }
    }

    /// Stores a rule set that was made here.
    func keepMade(_ rules: RuleSet, by: String, comment: String) async throws(RegistryError) {
        try await keep(rules, text: Array(rules.yaml().utf8), by: by, comment: comment)
    }

    private func activate(
        _ version: RuleSetVersion,
        _ kind: RuleBook.Turn.Kind,
        _ rate: UInt64,
        _ order: RulesOrder
    ) async throws(RegistryError) {
        guard reading != nil else { throw .invalid("the node that leads cannot read stored documents") }
        guard book.entry(version) != nil || version == configured.version else {
            throw .invalid("there is no rule set \(version)")
        }
        if let transition = book.transition, !(kind == .rolledBack && transition.phase == .resolving) {
            throw .invalid("a change to \(transition.to) is under way")
        }
        guard version != deciding else { throw .invalid("\(version) decides already") }
        // Whatever the next leader is started with, it must find both.
        let note = "what the coordinators were started with"
        try await keep(configured, text: [], by: order.by, comment: note)
        let from = deciding
        let turn = turn(version, kind, order)
        try await change { book in
            book.changes += 1
            book.transition = RuleBook.Transition(
                number: book.changes,
                from: from,
                to: version,
                phase: .indexing,
                slot: 0,
                isPaused: false,
                recordsPerSecond: rate,
                at: turn.at,
                by: order.by
            )
            if book.active == nil { book.note(.init(version: from, kind: .completed, at: 0, by: "", comment: note)) }
            book.active = from
            book.note(turn)
        }
        work = RulesReport.Work()
        try await install()
    }

    private func rollBack(_ rate: UInt64, _ order: RulesOrder) async throws(RegistryError) {
        if let transition = book.transition, transition.phase == .indexing {
            let turn = turn(transition.to, .cancelled, order)
            try await change { book in
                book.transition = nil
                book.note(turn)
            }
            return try await install()
        }
        guard let previous = book.previous else { throw .invalid("no other rules decided before") }
        try await activate(previous, .rolledBack, rate, order)
    }

    private func turn(_ version: RuleSetVersion, _ kind: RuleBook.Turn.Kind, _ order: RulesOrder) -> RuleBook.Turn {
        RuleBook.Turn(version: version, kind: kind, at: clock.milliseconds(), by: order.by, comment: order.comment)
    }

    // MARK: The book

    /// Changes the book, one change after another; it is durable when this returns.
    private func change(_ body: (inout RuleBook) -> Void) async throws(RegistryError) {
        while isWriting { await clock.sleep(.milliseconds(2)) }
        isWriting = true
        defer { isWriting = false }
        var changed = book
        body(&changed)
        try await write(RuleShelf.book, changed.encoded())
        book = changed
    }

    /// Keeps a note beside the records; `nil` removes it.
    func write(_ name: String, _ document: [UInt8]?) async throws(RegistryError) {
        let write = PreparedWrite(note: name, document)
        guard let outcome = await queue.submit([[write]], now: clock.milliseconds()).first else { return }
        if case .submission(.unavailable(let reason, let seconds)) = outcome {
            throw .unavailable(reason: reason, retryAfterSeconds: seconds)
        }
    }

    /// Brings the plan of the book into force, between two batches.
    private func install() async throws(RegistryError) {
        let plan = try await shelf.plan(book, configured: configured)
        queue.hold()
        defer { queue.release() }
        while queue.isOpen, !sequencer.isIdle { await clock.sleep(.milliseconds(2)) }
        guard queue.isOpen else { throw .unavailable(reason: "this node does not lead any more", retryAfterSeconds: 1) }
        sequencer.adopt(plan)
        fanOut.force.install(plan)
    }

    // MARK: The change under way

    /// Carries out changes until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            // While an order is carried out the book may be ahead of the plan in force.
            guard !isBusy, let transition = book.transition, !transition.isPaused else {
                await clock.sleep(Self.pause)
                continue
            }
            do throws(RegistryError) {
                try await step(transition)
                work.fault = ""
            } catch {
                work.fault = error.text
                await clock.sleep(Self.retry)
            }
        }
    }

    private func step(_ transition: RuleBook.Transition) async throws(RegistryError) {
        guard let reading else { throw .invalid("the node that leads cannot read stored documents") }
        if transition.slot == Slot.count { return try await finish(transition) }
        if transition.phase == .resolving, transition.slot == 0 {
            // Who reads by the old rules still looks under keys that are about to go.
            await clock.sleep(limits.rulesGrace)
            guard isUnderWay(transition) else { return }
        }
        let run = RuleTransition(
            fanOut: fanOut,
            queue: queue,
            clock: clock,
            plan: fanOut.force.plan,
            reading: reading
        )
        guard let stretch = run.stretch(from: transition.slot) else { return }
        var next: StoreKey? = stretch.first
        while let start = next {
            let done = try await run.page(transition.phase, stretch, from: start)
            note(done.work)
            guard isUnderWay(transition), book.transition?.isPaused == false, !Task.isCancelled else { return }
            if let rate = book.transition?.recordsPerSecond, rate > 0, done.work.records > 0 {
                let microseconds = Int64(clamping: done.work.records) * 1_000_000 / Int64(clamping: rate)
                await clock.sleep(.microseconds(microseconds))
            }
            next = done.next
        }
        guard isUnderWay(transition) else { return }
        try await change { book in
            guard book.transition?.number == transition.number, book.transition?.phase == transition.phase else {
                return
            }
            book.transition?.slot = stretch.end
        }
    }

    private func note(_ done: RulesReport.Work) {
        work.records += done.records
        work.renewed += done.renewed
        work.widened += done.widened
        work.unread += done.unread
    }

    private func isUnderWay(_ transition: RuleBook.Transition) -> Bool {
        guard let current = book.transition else { return false }
        return current.number == transition.number && current.phase == transition.phase
    }

    private func finish(_ transition: RuleBook.Transition) async throws(RegistryError) {
        guard !isBusy else { return await clock.sleep(Self.pause) }
        isBusy = true
        defer { isBusy = false }
        guard isUnderWay(transition) else { return }
        switch transition.phase {
        case .indexing:
            try await change { book in
                book.transition?.phase = .resolving
                book.transition?.slot = 0
                book.generation = (book.generation + 1) % RulePlan.generations
            }
            try await install()
        case .resolving:
            let turn = RuleBook.Turn(
                version: transition.to,
                kind: .completed,
                at: clock.milliseconds(),
                by: transition.by,
                comment: ""
            )
            try await change { book in
                book.active = transition.to
                book.transition = nil
                book.note(turn)
            }
            try await install()
        }
    }
}
