internal import Access
internal import Audit
internal import Authorities
public import Coordinator
public import Entrance
internal import HL7Mapping
internal import HL7v2
internal import Identity
internal import Logging
internal import PatientMapping
public import Telemetry
public import Transport

/// The door of HL7 v2: feeds and queries as IHE has them, each message answered with what became of it.
///
///     let door = HL7Door(registry: registry, settings: settings, metrics: metrics, now: { clock.milliseconds() })
///     let server = try MLLPServer(configuration: .init(port: 2575), group: group, application: door)
///
/// A message goes one way: read, header, kind, content; whatever goes wrong becomes a `Refusal`, told with code and
/// place. An `AA` is given when what was asked is durable.
public struct HL7Door: MLLPApplication {
    /// The registry; of a message that was let in, as its sender may see it.
    var registry: any Registering
    /// What the sender may do.
    var grant = Grant.open("")
    /// What the message that was let in touches.
    var notes = AccessNotes()
    let entrance: Entrance
    let recorder: Recorder
    let settings: HL7DoorSettings
    let metrics: MetricsRegistry
    let memory: DoorMemory
    let logger: Logger
    private let now: @Sendable () -> UInt64

    /// A door to a registry.
    ///
    /// - Parameters:
    ///   - registry: what carries out.
    ///   - settings: what an operator chose.
    ///   - metrics: where messages are counted.
    ///   - entrance: who may send messages; everybody may where nothing is said.
    ///   - recorder: where everything that is done is remembered.
    ///   - now: milliseconds since 1970.
    public init(
        registry: any Registering,
        settings: HL7DoorSettings = HL7DoorSettings(),
        metrics: MetricsRegistry = MetricsRegistry(),
        entrance: Entrance = .open,
        recorder: Recorder = .none,
        now: @escaping @Sendable () -> UInt64
    ) {
        self.registry = registry
        self.settings = settings
        self.metrics = metrics
        self.entrance = entrance
        self.recorder = recorder
        self.now = now
        memory = DoorMemory()
        logger = Logger(label: "hl7")
    }

    /// What names and identifiers of senders mean.
    func reading(for client: String) -> IdentifierReading {
        IdentifierReading(
            authorities: settings.identifiers.authorities,
            missing: settings.fillsMissingDomain ? settings.identifiers.authorities.soleAuthority(of: client) : nil
        )
    }

    /// Answers a message; never traps on what came from outside.
    public func answer(_ bytes: [UInt8], from peer: PeerInfo) async -> [UInt8]? {
        let message: HL7Message
        do throws(HL7Error) {
            message = try HL7Message(decoding: bytes)
        } catch {
            let header = HL7Message.header(ofUnreadable: bytes) ?? HL7Segment("MSH")
            metrics.counter(.hl7Messages, "unreadable", "AR").add()
            logger.info("refused", metadata: ["reason": "\(error)"])
            return writer(header, .utf8).acknowledgement("AR", [error])
        }
        var request = HL7Request(message, bytes: bytes, peer: peer, settings)
        let writer = writer(request.header, message.characterSet)
        let notes = AccessNotes()
        var door = self
        var outcome: Outcome
        do throws(Refusal) {
            try admit(&request, peer, &door, notes)
            outcome = try await door.carryOut(request, writer)
        } catch {
            outcome = Outcome(code: error.code.rawValue, faults: error.faults)
        }
        if let refusal = await door.leave(request, outcome, notes, at: now()) {
            outcome = Outcome(code: refusal.code.rawValue, faults: refusal.faults)
        }
        count(request, outcome)
        return tell(request, &outcome, writer)
    }

    private func writer(_ header: HL7Segment, _ set: CharacterSet) -> AnswerWriter {
        AnswerWriter(request: header, characterSet: set, now: now(), controlID: memory.nextControlID(now: now()))
    }

    private func carryOut(_ request: HL7Request, _ writer: AnswerWriter) async throws(Refusal) -> Outcome {
        try HeaderCheck.check(request)
        switch (request.type, request.event) {
        case ("ADT", "A01"), ("ADT", "A04"), ("ADT", "A05"), ("ADT", "A28"):
            try await register(request, isUpdate: false)
        case ("ADT", "A08"), ("ADT", "A31"): try await register(request, isUpdate: true)
        case ("ADT", "A40"): try await merge(request)
        case ("ADT", "A24"): try await decide(request, .mustLink)
        case ("ADT", "A37"): try await decide(request, .cannotLink)
        case ("QBP", "Q23"): return try await crossReference(request, writer)
        case ("QBP", "Q22"): return try await demographics(request, writer)
        case ("QCN", "J01"): try cancel(request)
        case ("ADT", _), ("QBP", _), ("QCN", _):
            throw .message(
                HL7Error(.eventCode, at: HL7Location("MSH", field: 9, repetition: 1, component: 2), HeaderCheck.events)
            )
        default:
            throw .message(
                HL7Error(
                    .messageType,
                    at: HL7Location("MSH", field: 9, repetition: 1, component: 1),
                    HeaderCheck.events
                )
            )
        }
        return Outcome(code: "AA")
    }

    /// The bytes of the answer, in the mode that the sender asked for.
    private func tell(_ request: HL7Request, _ outcome: inout Outcome, _ writer: AnswerWriter) -> [UInt8]? {
        if let answer = outcome.answer { return answer }
        let (accept, application) = (request.header.text(15), request.header.text(16))
        let conditions: Set = ["AL", "NE", "ER", "SU"]
        guard conditions.contains(accept) || conditions.contains(application) else {
            return writer.acknowledgement(outcome.code, outcome.faults)
        }
        // Enhanced mode: what is told is that the message was taken, or the outcome where only that is wanted.
        let isGood = outcome.code == "AA"
        func isWanted(_ condition: String) -> Bool {
            condition == "AL" || (condition == "ER" && !isGood) || (condition == "SU" && isGood)
        }
        if isWanted(accept) { return writer.acknowledgement("C" + outcome.code.dropFirst(), outcome.faults) }
        return isWanted(application) ? writer.acknowledgement(outcome.code, outcome.faults) : nil
    }

    private func count(_ request: HL7Request, _ outcome: Outcome) {
        // Only kinds that exist become labels.
        let kind = HeaderCheck.kinds.contains("\(request.type)^\(request.event)") ? request.event : "other"
        metrics.counter(.hl7Messages, kind, outcome.code).add()
        guard outcome.code != "AA" else { return }
        logger.info(
            "refused",
            metadata: [
                "event": "\(kind)", "client": "\(request.client.prefix(64))",
                "reason": "\(outcome.faults.map(\.description).joined(separator: "; "))",
            ]
        )
    }

    /// Carries out a question to the registry.
    func ask<Answer>(
        _ question: (any Registering) async throws(RegistryError) -> Answer
    ) async throws(Refusal) -> Answer {
        do throws(RegistryError) {
            return try await question(registry)
        } catch {
            throw Refusal(error)
        }
    }
}

/// What became of a message.
struct Outcome {
    /// `AA`, `AE` or `AR`.
    var code: String
    /// What was wrong.
    var faults: [HL7Error] = []
    /// The whole answer, where it is more than an acknowledgement.
    var answer: [UInt8]?

    init(code: String, faults: [HL7Error] = [], answer: [UInt8]? = nil) {
        self.code = code
        self.faults = faults
        self.answer = answer
    }
}
