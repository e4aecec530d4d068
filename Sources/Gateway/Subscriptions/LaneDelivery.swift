internal import Audit
internal import Coordinator
internal import Entrance
internal import FHIR
internal import Identifiers
internal import Logging
internal import Telemetry

/// How a lane sends: several persons at a time, what is told of one person in order, dead letters as well.
extension SubscriptionLane {
    struct Told: Sendable {
        var dead: [SubscriptionState.Dead] = []
        /// The numbers of events that were taken.
        var done: [UInt64] = []
        /// Why it was given up.
        var reason: String?
    }

    /// Delivers events, those of one person or one record in order; gives up where the subscriber does not answer.
    func deliver(
        _ subjects: [SubscriptionNotice.Subject],
        _ notice: SubscriptionNotice,
        isProbe: Bool,
        blocked: Set<UInt64>
    ) async -> Told {
        let rows = SubscriptionRows(subjects, width: Self.width).rows
        let attempts = isProbe ? 1 : Self.attempts
        return await withTaskGroup(of: Told.self) { group in
            for row in rows {
                group.addTask { await deliver(row: row, notice, attempts: attempts, blocked: blocked) }
            }
            var all = Told()
            for await told in group {
                all.dead += told.dead
                all.done += told.done
                if all.reason == nil { all.reason = told.reason }
                if told.reason != nil { group.cancelAll() }
            }
            all.dead.sort { $0.event.number < $1.event.number }
            return all
        }
    }

    func deliver(
        row: [SubscriptionNotice.Subject],
        _ notice: SubscriptionNotice,
        attempts: Int,
        blocked: Set<UInt64>
    ) async -> Told {
        var told = Told()
        var blocked = blocked
        for subject in row {
            if Task.isCancelled { return told }
            guard !blocked.contains(subject.person), !blocked.contains(subject.event.record.rawValue) else {
                count("dead")
                told.dead.append(Self.letter(subject, DeadLetters.behind))
                continue
            }
            let request = notice.request(subject, count: subject.event.number)
            switch await send(request, attempts: attempts) {
            case .delivered:
                count("delivered")
                told.done.append(subject.event.number)
            case .refused(let reason):
                count("dead")
                logger.error(
                    "a notification was refused and is set aside",
                    metadata: ["subscription": "\(id)", "event": "\(subject.event.name)", "reason": "\(reason)"]
                )
                told.dead.append(Self.letter(subject, reason))
                blocked.formUnion([subject.person, subject.event.record.rawValue])
            case .later(let reason):
                told.reason = reason
                return told
            }
        }
        return told
    }

    func send(_ request: HookRequest, attempts: Int) async -> HookAnswer.Verdict {
        var pause = Self.firstPause
        var left = attempts
        while true {
            let verdict = await sender.send(request).verdict
            guard case .later = verdict else { return verdict }
            left -= 1
            count("retried")
            if left <= 0 || Task.isCancelled { return verdict }
            await clock.sleep(pause)
            pause = min(pause * 2, Self.longestPause)
        }
    }

    func count(_ outcome: String) {
        services.metrics.registry.counter(.subscriptionNotifications, id, outcome).add()
    }

    // MARK: Dead letters

    var letters: DeadLetters { DeadLetters(registry: services.registry, id: id) }

    static func letter(_ subject: SubscriptionNotice.Subject, _ reason: String) -> SubscriptionState.Dead {
        SubscriptionState.Dead(event: subject.event, reason: reason, person: subject.person)
    }

    /// About whom nothing is told while letters are dead.
    static func blocked(by letters: [SubscriptionState.Dead]) -> Set<UInt64> {
        Set(letters.flatMap { [$0.person, $0.event.record.rawValue] })
    }

    /// Carries an operator's order about dead letters out.
    ///
    /// Letters are told in their order; one that is not meant, or is refused again, keeps those behind it of its
    /// person.
    func carry(
        _ order: DeadLetterOrder,
        _ reading: SubscriptionReading,
        _ notice: SubscriptionNotice,
        _ here: inout Position
    ) async throws(RegistryError) -> Duration {
        var (rest, kept) = Self.split(try await letters.all(here.state), order)
        if order.kind == .discard { rest = [] }
        var blocked: Set<UInt64> = []
        while !rest.isEmpty {
            let page = Array(rest.prefix(SubscriptionReading.page))
            let told = try await tell(page, reading, notice, blocked: blocked)
            guard !Task.isCancelled else { return .zero }
            rest.removeFirst(page.count)
            let left = Self.left(of: page, told)
            blocked.formUnion(Self.blocked(by: left))
            kept += left
            guard let reason = told.reason else { continue }
            // It does not answer now: what it took is done, the order stands.
            try await put(kept + rest, &here)
            return try await fail(reason, &here)
        }
        here.state.deadOrder = order.number
        try await put(kept, &here)
        here.lastSent = clock.milliseconds()
        return .zero
    }

    private func put(_ kept: [SubscriptionState.Dead], _ here: inout Position) async throws(RegistryError) {
        let sorted = kept.sorted { $0.event.number < $1.event.number }
        try await letters.replace(by: sorted, &here.state)
        here.blocked = Self.blocked(by: sorted)
    }

    /// The letters that an order is about, and the others: whoever stands behind one of those stays with it.
    static func split(
        _ letters: [SubscriptionState.Dead],
        _ order: DeadLetterOrder
    ) -> (meant: [SubscriptionState.Dead], kept: [SubscriptionState.Dead]) {
        var (meant, kept): ([SubscriptionState.Dead], [SubscriptionState.Dead]) = ([], [])
        var blocked: Set<UInt64> = []
        for letter in letters {
            let isBehind =
                order.kind == .replay
                && (blocked.contains(letter.person) || blocked.contains(letter.event.record.rawValue))
            if order.means(letter), !isBehind {
                meant.append(letter)
            } else {
                kept.append(letter)
                blocked.formUnion(Self.blocked(by: [letter]))
            }
        }
        return (meant, kept)
    }

    /// What of a page was not taken, with what the subscriber said.
    private static func left(of page: [SubscriptionState.Dead], _ told: Told) -> [SubscriptionState.Dead] {
        let done = Set(told.done)
        let reasons = Dictionary(told.dead.map { ($0.event.number, $0.reason) }) { first, _ in first }
        return page.filter { !done.contains($0.event.number) }.map { letter in
            var letter = letter
            if let reason = reasons[letter.event.number] { letter.reason = reason }
            return letter
        }
    }

    private func tell(
        _ page: [SubscriptionState.Dead],
        _ reading: SubscriptionReading,
        _ notice: SubscriptionNotice,
        blocked: Set<UInt64>
    ) async throws(RegistryError) -> Told {
        var subjects = try await reading.subjects(of: page.map(\.event))
        // Those that belonged to one person then are told one after another, whomever they belong to now.
        for index in subjects.indices { subjects[index].person = page[index].person }
        let told = await deliver(subjects, notice, isProbe: true, blocked: blocked)
        let done = Set(told.done)
        await remember(subjects.filter { done.contains($0.event.number) }, reading.grant)
        return told
    }
}
