internal import Coordinator
internal import FHIR
internal import ShardProtocol
internal import Telemetry

/// The instruments that the doors use on every request, looked up once.
struct GatewayMetrics: Sendable {
    let registry: MetricsRegistry
    let inFlight: Gauge
    let overloaded: Counter
    private let created: Counter
    private let updated: Counter
    private let unchanged: Counter
    private let removed: Counter
    private let held: Counter
    private let waiting: Counter
    private let unavailable: Counter
    let loadStreams: Gauge
    let loadLines: Counter
    private let matchDuration: Histogram
    private let matchFound: Histogram
    private let matchIncomplete: Counter
    private let costPostings: Histogram
    private let costBounded: Histogram
    private let costScored: Histogram

    init(_ registry: MetricsRegistry) {
        self.registry = registry
        inFlight = registry.gauge(.httpInFlight)
        overloaded = registry.counter(.httpOverloaded)
        created = registry.counter(.recordsStored, "created")
        updated = registry.counter(.recordsStored, "updated")
        unchanged = registry.counter(.recordsStored, "unchanged")
        removed = registry.counter(.recordsStored, "removed")
        held = registry.counter(.recordsStored, "held")
        waiting = registry.counter(.recordsStored, "unsearched")
        unavailable = registry.counter(.recordsUnavailable)
        loadStreams = registry.gauge(.loadStreams)
        loadLines = registry.counter(.loadLines)
        matchDuration = registry.histogram(.matchDuration)
        matchFound = registry.histogram(.matchFound)
        matchIncomplete = registry.counter(.matchIncomplete)
        costPostings = registry.histogram(.searchCost, "postings")
        costBounded = registry.histogram(.searchCost, "bounded")
        costScored = registry.histogram(.searchCost, "scored")
    }

    /// Counts an answered request.
    func answered(_ route: String, status: Int, after duration: Duration) {
        registry.counter(.httpRequests, route, String(status)).add()
        registry.histogram(.httpDuration, route).observe(duration)
    }

    /// Counts what became of writes.
    func wrote(_ outcomes: [SubmissionOutcome]) {
        for outcome in outcomes {
            switch outcome {
            case .stored(let stored):
                (stored.unchanged ? unchanged : stored.created ? created : updated).add()
            case .held: held.add()
            case .waiting: waiting.add()
            case .removed: removed.add()
            case .refused(let refusal): refused(DoorFault(refusal).code.rawValue)
            case .unavailable: unavailable.add()
            }
        }
    }

    /// Counts a write that did not get as far as the registry.
    func refused(_ code: String) {
        registry.counter(.recordsRefused, code).add()
    }

    /// Counts a match.
    func matched(_ answer: MatchAnswer, after duration: Duration) {
        matchDuration.observe(duration)
        matchFound.observe(Double(answer.matches.count))
        if answer.incomplete { matchIncomplete.add() }
        costPostings.observe(Double(answer.cost.postings))
        costBounded.observe(Double(answer.cost.bounded))
        costScored.observe(Double(answer.cost.scored))
    }
}
