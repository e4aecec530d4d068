internal import Entrance
internal import Telemetry
internal import Transport

extension Gateway {
    /// Lets a bulk load in, or says why not.
    func admitLoad(_ request: inout DoorRequest) throws(DoorFault) {
        try Admission.admit(&request, to: LoadDoor.route, services)
        try JSONBody.requirePlain(request)
        try JSONBody.require(request, LoadDoor.mediaTypes)
        let limits = services.configuration.limits
        guard services.metrics.loadStreams.value < limits.loadStreams else {
            services.metrics.overloaded.add()
            throw .busy("too many bulk loads at once", after: limits.overloadRetrySeconds)
        }
    }

    /// Carries a bulk load out over the wire.
    func carryOutLoad(
        _ request: DoorRequest,
        _ body: HTTPBodyStream,
        _ writer: HTTPResponseWriter
    ) async throws(TransportError) {
        let registry = registry(for: request)
        let pipeline = LoadPipeline<TransportError>(
            submit: { await registry.submit($0) },
            configuration: services.configuration,
            metrics: services.metrics,
            input: { () async throws(TransportError) in try await body.next() },
            output: { (bytes) async throws(TransportError) in try await writer.write(bytes) }
        )
        try await pipeline.run()
    }

    /// The registry as the caller may write it; every piece is remembered by itself before it is acknowledged.
    private func registry(for request: DoorRequest) -> GuardedRegistry {
        let guarded = GuardedRegistry(services.registry, request.caller.grant)
        guard services.recorder.isOn else { return guarded }
        return guarded.recording { [services] notes in
            let record = RequestRecord(route: LoadDoor.route, request: request, notes: notes)
            return await record.leave(200, "", services)?.detail
        }
    }
}
