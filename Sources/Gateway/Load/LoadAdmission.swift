internal import Telemetry
internal import Transport

extension Gateway {
    /// Lets a bulk load in, or says why not.
    func admitLoad(_ request: DoorRequest) throws(DoorFault) {
        _ = try Authorisation.admit(request.caller, to: LoadDoor.route)
        try JSONBody.requirePlain(request)
        try JSONBody.require(request, LoadDoor.mediaTypes)
        let limits = services.configuration.limits
        guard services.metrics.loadStreams.value < limits.loadStreams else {
            services.metrics.overloaded.add()
            throw .busy("too many bulk loads at once", after: limits.overloadRetrySeconds)
        }
    }

    /// Carries a bulk load out over the wire.
    func carryOutLoad(_ body: HTTPBodyStream, _ writer: HTTPResponseWriter) async throws(TransportError) {
        let pipeline = LoadPipeline<TransportError>(
            registry: services.registry,
            configuration: services.configuration,
            metrics: services.metrics,
            input: { () async throws(TransportError) in try await body.next() },
            output: { (bytes) async throws(TransportError) in try await writer.write(bytes) }
        )
        try await pipeline.run()
    }
}
