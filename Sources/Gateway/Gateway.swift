internal import Access
internal import Audit
public import Coordinator
public import Entrance
public import FoundationEssentials
internal import Logging
public import Telemetry

/// The doors of the registry: FHIR, the native interface, health and metrics.
///
///     let gateway = Gateway(registry: coordinator, metrics: MetricsRegistry())
///     let server = try await HTTPServer.start(configuration, handler: gateway)
///
/// A request goes one way: limit, route, authorise, answer; whatever goes wrong on it becomes a `DoorFault`, written as
/// the door's clients expect.
public struct Gateway: Sendable {
    let services: DoorCall.Services
    let logger: Logger
    private let now: @Sendable () -> ContinuousClock.Instant

    /// Doors to a registry.
    ///
    /// - Parameters:
    ///   - registry: what answers.
    ///   - configuration: what an operator chose.
    ///   - metrics: where requests are counted, and what `/metrics` shows.
    ///   - entrance: who may enter; everybody may where nothing is said.
    ///   - recorder: where everything that is done is remembered.
    ///   - bulk: what fetches the files of imports; `nil`: imports bring their lines with them.
    ///   - time: milliseconds since 1970.
    public init(
        registry: any Registering,
        configuration: GatewayConfiguration = GatewayConfiguration(),
        metrics: MetricsRegistry = MetricsRegistry(),
        entrance: Entrance = .open,
        recorder: Recorder = .none,
        bulk: (any BulkSource)? = nil,
        time: @escaping @Sendable () -> UInt64 = { UInt64(max(0, Date().timeIntervalSince1970) * 1_000) }
    ) {
        services = DoorCall.Services(
            registry: registry,
            entrance: entrance,
            recorder: recorder,
            configuration: configuration,
            metrics: GatewayMetrics(metrics),
            routes: .open(configuration),
            bulk: bulk,
            time: time
        )
        logger = Logger(label: "gateway")
        now = { ContinuousClock().now }
    }

    /// The name under which requests without a route are counted.
    static let unrouted = "unrouted"

    /// Answers a request; never throws, never traps on what came from outside.
    func answer(_ request: DoorRequest) async -> DoorAnswer {
        let start = now()
        let open = services.metrics.inFlight.add(1)
        defer { services.metrics.inFlight.add(-1) }
        var request = request
        // OpenCR's own user interface asks under a name before the rest.
        if services.configuration.speaksOpenCR { request.target.dropFirst("ocrux") }
        let finding = services.routes.find(request.method, request.target.segments)
        var name = Gateway.unrouted
        var door = Gateway.door(of: request.target.segments)
        if case .route(let route, _) = finding {
            name = route.name
            door = route.door
        }
        let isOperators = enterAsOperator(finding)
        defer { if isOperators { services.operators.leave() } }
        var answer: DoorAnswer
        let notes = AccessNotes()
        var detail = ""
        // Chosen once; a format that cannot be had is told when the request's turn comes to be read.
        let wantsXML = Result { [request] () throws(DoorFault) in
            door == .fhir ? try FHIRFormat.wantsXML(request) : false
        }
        do throws(DoorFault) {
            // Health and metrics are answered under any load: they tell of it. Operators have room of their own.
            if open > services.configuration.limits.requestsInFlight, door != .operations, !isOperators {
                services.metrics.overloaded.add()
                throw .busy("too many requests at once", after: services.configuration.limits.overloadRetrySeconds)
            }
            answer = try await dispatch(&request, finding, wantsXML, notes)
        } catch {
            answer = Gateway.answer(to: error, door: door)
            detail = error.detail
        }
        if case .route(let route, _) = finding {
            let record = RequestRecord(route: route, request: request, notes: notes)
            if let fault = await record.leave(answer.status, detail, services) {
                answer = Gateway.answer(to: fault, door: door)
            }
        }
        if case .success(true) = wantsXML { answer = Self.inXML(answer) }
        if let id = request.headers["x-request-id"] { answer.headers["x-request-id"] = String(id.prefix(128)) }
        let duration = start.duration(to: now())
        services.metrics.answered(name, status: answer.status, after: duration)
        log(name, answer.status, duration, request)
        return answer
    }

    /// Whether a request is an operator's and finds room among those.
    private func enterAsOperator(_ finding: RouteTable.Finding) -> Bool {
        guard case .route(let route, _) = finding, route.access.need == .operating else { return false }
        return services.operators.enter(limit: services.configuration.limits.operatorRequestsInFlight)
    }

    /// The answer in XML; what cannot be had so is told as JSON.
    private static func inXML(_ answer: DoorAnswer) -> DoorAnswer {
        var written = answer
        do throws(DoorFault) {
            try FHIRFormat.writeXML(&written)
            return written
        } catch {
            // What was done is done, and the JSON tells of it.
            return answer
        }
    }

    private func dispatch(
        _ request: inout DoorRequest,
        _ finding: RouteTable.Finding,
        _ wantsXML: Result<Bool, DoorFault>,
        _ notes: AccessNotes
    ) async throws(DoorFault) -> DoorAnswer {
        switch finding {
        case .nothing:
            throw .notFound("there is nothing at this address")
        case .otherMethods(let allowed):
            throw .methodNotAllowed(request.method, allow: allowed)
        case .route(let route, let path):
            try Admission.admit(&request, to: route, services)
            try JSONBody.requirePlain(request)
            _ = try wantsXML.get()
            guard route.door == .fhir else {
                return try await route.answer(DoorCall(services: services, request: request, path: path, notes: notes))
            }
            try FHIRFormat.readXML(&request)
            let call = DoorCall(services: services, request: request, path: path, notes: notes)
            let answer = try await route.answer(call)
            return services.configuration.speaksOpenCR ? await OpenCRForm(call: call).applied(to: answer) : answer
        }
    }

    /// Writes a fault as the clients of a door expect it.
    static func answer(to fault: DoorFault, door: Route.Door) -> DoorAnswer {
        door == .fhir || door == .openCR ? FaultAnswer.operationOutcome(fault) : FaultAnswer.problem(fault)
    }

    /// The door that a path belongs to, also where it leads nowhere.
    static func door(of segments: [String]) -> Route.Door {
        switch segments.first {
        case "fhir": .fhir
        case "match", "csv": .openCR
        case "health", "metrics": .operations
        default: .native
        }
    }

    /// Tells faults of ours, and single requests to those who look closely.
    ///
    /// Never the query: it names patients.
    private func log(_ route: String, _ status: Int, _ duration: Duration, _ request: DoorRequest) {
        let level: Logger.Level = status >= 500 && status != 503 ? .error : .debug
        logger.log(
            level: level,
            "answered",
            metadata: [
                "route": "\(route)", "method": "\(request.method.prefix(16))", "status": "\(status)",
                "duration": "\(duration)", "caller": "\(request.caller.name)",
            ]
        )
    }
}
