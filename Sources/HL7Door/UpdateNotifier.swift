internal import Authorities
public import Coordinator
internal import HL7Mapping
internal import HL7v2
internal import Identifiers
internal import Identity
internal import Logging
internal import PatientMapping
public import Telemetry
internal import Transport

/// Tells consumers when the identifiers of a person change (ITI-10, ADT^A31), from the change feed.
///
/// Each consumer is told in the order of the feed, every event at least once: what is not acknowledged is sent again
/// with the same control id, until it is; what is refused is set aside, and told in logs, metrics and the consumer's
/// state.
public struct UpdateNotifier: Sendable {
    /// Entries of the feed that are read at a time; how far a consumer is, is kept after each such page.
    private static let page = 64
    /// How often the feed is looked at where nothing happens.
    private static let interval: Duration = .milliseconds(250)
    private static let firstPause: Duration = .seconds(1)
    private static let longestPause: Duration = .seconds(60)

    private let door: HL7Door
    private let clock: any CoordinatorClock
    private let metrics: MetricsRegistry
    private let logger = Logger(label: "hl7.notify")

    /// A notifier of the changes of a registry.
    public init(
        registry: any Registering,
        settings: HL7DoorSettings,
        metrics: MetricsRegistry,
        clock: any CoordinatorClock
    ) {
        door = HL7Door(registry: registry, settings: settings, metrics: metrics, now: { clock.milliseconds() })
        self.clock = clock
        self.metrics = metrics
    }

    /// Tells one consumer until the task is cancelled.
    public func run(_ consumer: NotificationConsumer, _ sender: any MessageSender) async {
        var state: NotificationState?
        while !Task.isCancelled {
            do throws(Refusal) {
                if state == nil { state = try await load(consumer) }
                var current = state ?? NotificationState()
                let hasMore = try await step(consumer, sender, &current)
                state = current
                if hasMore { continue }
            } catch {
                // The registry cannot be asked now: what was told is known, the rest is told later.
                state = nil
            }
            await clock.sleep(Self.interval)
        }
    }

    private func note(_ consumer: NotificationConsumer) -> String { "hl7v2/notify/\(consumer.name)" }

    private func load(_ consumer: NotificationConsumer) async throws(Refusal) -> NotificationState {
        let name = note(consumer)
        let bytes = try await door.ask { (registry) async throws(RegistryError) in try await registry.note(name) }
        return bytes.flatMap(NotificationState.init(decoding:)) ?? NotificationState()
    }

    /// Deals with a page of the feed; false where its end is reached.
    private func step(
        _ consumer: NotificationConsumer,
        _ sender: any MessageSender,
        _ state: inout NotificationState
    ) async throws(Refusal) -> Bool {
        let after = state.cursor
        let feed = try await door.ask { (registry) async throws(RegistryError) in
            try await registry.changes(after: after, limit: Self.page)
        }
        guard feed.next != after else { return false }
        for entry in feed.entries {
            for (index, person) in try await people(of: entry.events, consumer).enumerated() {
                let control = "E\(entry.sequence)-\(index)"
                guard let message = message(person, control, consumer) else { continue }
                if let refused = await deliver(message, control, consumer, sender) { state.park(refused) }
                if Task.isCancelled { return false }
            }
        }
        state.cursor = feed.next
        let (name, bytes) = (note(consumer), state.encoded())
        try await door.ask { (registry) async throws(RegistryError) in try await registry.note(name, bytes) }
        return feed.more
    }

    /// The persons whose identifiers in the consumer's domains changed, as they are now.
    private func people(
        of events: [IdentityEvent],
        _ consumer: NotificationConsumer
    ) async throws(Refusal) -> [PersonRecords] {
        var goldens: [GoldenID] = []
        for event in events {
            guard case .recordLinked(let record, let from, let to) = event else { continue }
            guard try await isOfInterest(record, consumer) else { continue }
            for golden in [from, to].compactMap({ $0 }) where !goldens.contains(golden) { goldens.append(golden) }
        }
        var people: [PersonRecords] = []
        for person in try await door.people(goldens) where !people.contains(where: { $0.golden == person.golden }) {
            people.append(person)
        }
        return people
    }

    private func isOfInterest(_ record: RecordID, _ consumer: NotificationConsumer) async throws(Refusal) -> Bool {
        guard !consumer.domains.isEmpty else { return true }
        let stored = try await door.ask { (registry) async throws(RegistryError) in
            try await registry.record(id: record)
        }
        guard let stored, !stored.deleted else { return false }
        let person = PersonRecords(
            golden: stored.golden ?? GoldenID(rawValue: 0),
            members: [try StoredPatient(stored)],
            settings: door.settings
        )
        return !told(person, consumer).isEmpty
    }

    private func told(_ person: PersonRecords, _ consumer: NotificationConsumer) -> [PersonIdentifier] {
        let authorities = door.settings.identifiers.authorities
        let domains = consumer.domains.map { authorities.canonical($0) }
        return person.identifiers.filter { domains.isEmpty || domains.contains($0.system) }
    }

    /// The message about a person; `nil` where the consumer's domains know nothing of it.
    private func message(_ person: PersonRecords, _ control: String, _ consumer: NotificationConsumer) -> [UInt8]? {
        let identifiers = told(person, consumer)
        guard !identifiers.isEmpty else { return nil }
        let stamp = AnswerWriter.stamp(clock.milliseconds())
        var header = HL7Segment("MSH")
        header.set(3, "TESSERA")
        header.set(4, "REGISTRY")
        header.set(5, consumer.application)
        header.set(6, consumer.facility)
        header.set(7, stamp)
        header.set(9, components: ["ADT", "A31", "ADT_A05"])
        header.set(10, control)
        header.set(11, "P")
        header.set(12, "2.5")
        header.set(18, CharacterSet.utf8.name)
        var message = HL7Message(header: header)
        var event = HL7Segment("EVN")
        event.set(2, stamp)
        message.append(event)
        let writing = PatientWriting(authorities: door.settings.identifiers.authorities)
        var pid = HL7Segment("PID")
        pid.set(3, HL7Field(identifiers.map { writing.identifier(system: $0.system, value: $0.value, type: $0.type) }))
        // A name is required, and none is told: the profile writes a single space.
        pid.set(5, " ")
        message.append(pid)
        var visit = HL7Segment("PV1")
        visit.set(2, "N")
        message.append(visit)
        return message.encoded()
    }

    /// Sends a message until it is answered; what came back where it was refused.
    private func deliver(
        _ message: [UInt8],
        _ control: String,
        _ consumer: NotificationConsumer,
        _ sender: any MessageSender
    ) async -> NotificationState.Parked? {
        var pause = Self.firstPause
        while !Task.isCancelled {
            switch await attempt(message, sender) {
            case .accepted:
                metrics.counter(.hl7Notifications, consumer.name, "accepted").add()
                return nil
            case .refused(let code, let reason):
                metrics.counter(.hl7Notifications, consumer.name, "refused").add()
                logger.error(
                    "a notification was refused and is set aside",
                    metadata: ["consumer": "\(consumer.name)", "event": "\(control)", "code": "\(code)"]
                )
                return NotificationState.Parked(event: control, code: code, reason: reason)
            case .unanswered(let reason):
                metrics.counter(.hl7Notifications, consumer.name, "retried").add()
                logger.info(
                    "a notification was not answered and is sent again",
                    metadata: ["consumer": "\(consumer.name)", "event": "\(control)", "reason": "\(reason)"]
                )
                await clock.sleep(pause)
                pause = min(pause * 2, Self.longestPause)
            }
        }
        return nil
    }

    private enum Attempt {
        case accepted
        case refused(String, String)
        case unanswered(String)
    }

    private func attempt(_ message: [UInt8], _ sender: any MessageSender) async -> Attempt {
        let answer: [UInt8]
        do {
            answer = try await sender.send(message)
        } catch {
            return .unanswered(error.description)
        }
        do throws(HL7Error) {
            let told = try HL7Message(decoding: answer)
            let code = told.first("MSA")?.text(1) ?? ""
            switch code {
            case "AA", "CA": return .accepted
            case "AE", "AR", "CE", "CR":
                let fault = told.first("ERR").map { $0.isEmpty(2) ? $0.raw(1) : $0.raw(2) + " " + $0.raw(3) } ?? ""
                return .refused(code, String(fault.prefix(120)))
            default: return .unanswered("an answer without a code")
            }
        } catch {
            return .unanswered("an answer that is no message")
        }
    }
}
