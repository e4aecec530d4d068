internal import Access
internal import Audit
internal import Coordinator
internal import Entrance
internal import FHIR
internal import Identifiers
internal import Logging
internal import Telemetry

/// Tells one subscriber what it wants to know, until it is gone or the task is cancelled.
struct SubscriptionLane: Sendable {
    /// How often the board is looked at where nothing happens.
    private static let pause: Duration = .milliseconds(100)
    /// The first pause before something is sent again; doubles up to the longest.
    static let firstPause: Duration = .milliseconds(20)
    static let longestPause: Duration = .seconds(10)
    /// Attempts after which the subscription is said to be in error; it is still tried now and then.
    static let attempts = 8
    /// How often it is tried while it is in error.
    private static let probe: Duration = .seconds(5)
    /// Events on their way to one subscriber at a time; those of one person or one record go one after another.
    static let width = 16

    let services: DoorCall.Services
    let sender: any HookSender
    let clock: any CoordinatorClock
    let board: SubscriptionBoard
    let place: Int
    let id: String
    let logger = Logger(label: "subscriptions")

    init(
        services: DoorCall.Services,
        sender: any HookSender,
        clock: any CoordinatorClock,
        board: SubscriptionBoard,
        place: Int,
        id: String
    ) {
        self.services = services
        self.sender = sender
        self.clock = clock
        self.board = board
        self.place = place
        self.id = id
    }

    /// Where the lane is between two looks at the board.
    struct Position {
        var state: SubscriptionState
        var lastSent: UInt64
        /// Persons and records about whom a letter is dead: what comes after it stands behind it.
        var blocked: Set<UInt64>
    }

    func run() async {
        var position: Position?
        while !Task.isCancelled, let (stored, tip) = board.subscription(place, id) {
            var wait = Self.pause
            do throws(RegistryError) {
                var here: Position
                if let known = position { here = known } else { here = try await begin() }
                wait = try await step(stored, tip, &here)
                position = here
            } catch {
                // The registry cannot be asked now: what was told is known, the rest is told later.
                position = nil
                wait = .seconds(1)
            }
            if wait > .zero { await clock.sleep(wait) }
        }
    }

    private func begin() async throws(RegistryError) -> Position {
        let note = try await services.registry.note(SubscriptionState.name(id))
        let state = note.flatMap(SubscriptionState.init(decoding:)) ?? SubscriptionState()
        let letters = try await letters.all(state)
        return Position(state: state, lastSent: clock.milliseconds(), blocked: Self.blocked(by: letters))
    }

    /// Does what there is to do; how long to wait before the next step.
    private func step(
        _ stored: StoredSubscription,
        _ tip: Sequence,
        _ here: inout Position
    ) async throws(RegistryError) -> Duration {
        let spec: SubscriptionSpec
        do throws(DoorFault) { spec = try SubscriptionSpec(stored.resource) } catch { return .seconds(1) }
        let isOver = spec.end.map { Int64(clamping: clock.milliseconds()) > $0 } ?? false
        if spec.isOff || isOver { return .milliseconds(500) }
        if here.state.revision != stored.revision {
            here.state.revision = stored.revision
            here.state.status = .requested
            here.state.error = ""
            here.state.cursor = max(here.state.cursor, stored.start)
            try await save(here.state)
        }
        guard let grant = services.entrance.grant(ofClient: stored.owner) else {
            return try await fail("the client that made it is not known any more", &here)
        }
        guard grant.permissions.contains(.read) else {
            return try await fail("the client that made it may not read any more", &here)
        }
        let notice = SubscriptionNotice(spec: spec, id: id, base: stored.base)
        if here.state.status == .requested {
            if spec.hasHandshake, let reason = await handshake(notice, here.state.count) {
                return try await fail(reason, &here)
            }
            here.state.status = .active
            here.lastSent = clock.milliseconds()
            try await save(here.state)
        }
        if let order = stored.order, order.number != here.state.deadOrder {
            let reading = SubscriptionReading(services: services, spec: spec, grant: grant)
            return try await carry(order, reading, notice, &here)
        }
        guard tip > here.state.cursor else { return try await beat(notice, &here) }
        let reading = SubscriptionReading(services: services, spec: spec, grant: grant)
        return try await tell(reading, notice, &here)
    }

    // MARK: Steps

    /// Tells the next page of the feed.
    private func tell(
        _ reading: SubscriptionReading,
        _ notice: SubscriptionNotice,
        _ here: inout Position
    ) async throws(RegistryError) -> Duration {
        let page = try await reading.read(after: here.state.cursor, count: here.state.count)
        if !page.subjects.isEmpty {
            let isProbe = here.state.status == .error
            let told = await deliver(page.subjects, notice, isProbe: isProbe, blocked: here.blocked)
            guard !Task.isCancelled else { return .zero }
            if let reason = told.reason { return try await fail(reason, &here) }
            here.state.note(page.subjects.map(\.event))
            here.state.bury(told.dead)
            here.blocked.formUnion(Self.blocked(by: told.dead))
            try await letters.spill(&here.state)
            here.lastSent = clock.milliseconds()
            await remember(page.subjects, reading.grant)
        }
        let isChanged = !page.subjects.isEmpty || here.state.status == .error
        let isFar = page.next.rawValue >= here.state.cursor.rawValue + UInt64(SubscriptionReading.page)
        here.state.cursor = page.next
        here.state.status = .active
        here.state.error = ""
        // What concerned nobody is read again after a fall: that costs less than a write for each page.
        if isChanged || isFar { try await save(here.state) }
        return .zero
    }

    /// Says that there is nothing to say, where that was asked for.
    private func beat(_ notice: SubscriptionNotice, _ here: inout Position) async throws(RegistryError) -> Duration {
        guard let seconds = notice.spec.heartbeat, notice.spec.hasHandshake, here.state.status == .active,
            clock.milliseconds() >= here.lastSent + UInt64(seconds) * 1_000
        else { return Self.pause }
        here.lastSent = clock.milliseconds()
        let answer = await sender.send(notice.request(.heartbeat, count: here.state.count))
        count(answer.verdict == .delivered ? "heartbeat" : "heartbeat-failed")
        guard case .later(let reason) = answer.verdict else { return Self.pause }
        return try await fail(reason, &here)
    }

    private func handshake(_ notice: SubscriptionNotice, _ count: UInt64) async -> String? {
        var pause = Self.firstPause
        for attempt in 1... {
            let answer = await sender.send(notice.request(.handshake, count: count))
            switch answer.verdict {
            case .delivered:
                self.count("handshake")
                return nil
            case .refused(let reason): return "the handshake was refused: \(reason)"
            case .later(let reason):
                self.count("retried")
                if attempt == 3 || Task.isCancelled { return "no handshake: \(reason)" }
            }
            await clock.sleep(pause)
            pause = min(pause * 2, Self.longestPause)
        }
        return nil
    }

    func fail(_ reason: String, _ here: inout Position) async throws(RegistryError) -> Duration {
        let isNew = here.state.status != .error || here.state.error != reason
        // One whose handshake failed is asked again; what it missed is told then.
        here.state.status = .error
        here.state.error = reason
        if isNew {
            logger.warning("a subscriber cannot be told", metadata: ["subscription": "\(id)", "reason": "\(reason)"])
            try await save(here.state)
        }
        return Self.probe
    }

    private func save(_ state: SubscriptionState) async throws(RegistryError) {
        guard board.subscription(place, id) != nil else { return }
        try await services.registry.note(SubscriptionState.name(id), state.encoded())
    }

    /// Leaves in the audit trail whom the subscriber was told of.
    func remember(_ subjects: [SubscriptionNotice.Subject], _ grant: Grant) async {
        guard services.recorder.isOn else { return }
        let notes = AccessNotes()
        for subject in subjects { notes.note(told: subject.event.record, version: subject.event.version) }
        let event = AuditEvent(
            time: services.time(),
            action: .execute,
            interaction: "operation",
            route: "subscription.\(id)",
            client: grant.client
        )
        do throws(AuditError) {
            try await services.recorder.record(event, grant, notes)
        } catch {
            logger.error("the audit trail cannot be written", metadata: ["subscription": "\(id)"])
        }
    }
}
