import Coordinator
import Gateway
import HL7Door
import Logging
import NIOCore
import ServiceLifecycle
import Telemetry
import Transport

/// A coordinator: the registry and its doors, from start to graceful end.
struct RegistryService: Service {
    /// How long open requests may take after the doors begin to close.
    private static let drainTime: Duration = .seconds(10)

    let registry: Registry
    let listen: ListenAddress
    let group: any EventLoopGroup
    let logger: Logger
    /// What an operator chose about the doors.
    var doors = GatewayConfiguration()
    /// Where HL7 v2 is listened for; `nil`: nowhere.
    var mllp: MLLPDoor?
    /// Who is told by HL7 v2 when the identifiers of a person change.
    var consumers: [NotificationConsumer] = []
    /// Told the address once the doors are open.
    var opened: @Sendable (String) -> Void = { _ in }

    /// Runs until a graceful shutdown.
    func run() async throws {
        let metrics = MetricsRegistry()
        let gateway = Gateway(registry: registry, configuration: doors, metrics: metrics)
        let server = try HTTPServer(
            configuration: HTTPServerConfiguration(host: listen.host, port: listen.port),
            group: group,
            handler: gateway,
            logger: logger
        )
        let address = try await server.start()
        logger.info("listening", metadata: ["address": "\(listen.host):\(address.port ?? listen.port)"])
        let messages = try await mllp?.open(registry, hl7, metrics, group, logger)
        let notifier = UpdateNotifier(registry: registry, settings: hl7, metrics: metrics, clock: SystemClock())
        let clients = try consumers.map { ($0, try MLLPClient(endpoint: $0.endpoint, group: group)) }
        opened("http://\(listen.host):\(address.port ?? listen.port)")
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await registry.run() }
            tasks.addTask { try? await gracefulShutdown() }
            for (consumer, client) in clients { tasks.addTask { await notifier.run(consumer, client) } }
            // Whatever ends first ends the service: a shutdown, or a registry that cannot go on.
            await tasks.next()
            logger.info("draining")
            async let drained: Void? = messages?.drain(timeout: Self.drainTime)
            await server.drain(timeout: Self.drainTime)
            _ = await drained
            tasks.cancelAll()
        }
        logger.info("stopped")
    }

    /// How messages of HL7 v2 are understood.
    private var hl7: HL7DoorSettings {
        var settings = mllp?.settings ?? HL7DoorSettings()
        settings.identifiers = doors.identifiers
        return settings
    }

    /// Tells operators what happens to the coordinator.
    static func observer(_ logger: Logger) -> @Sendable (CoordinatorEvent) -> Void {
        { event in
            switch event {
            case .leading(let epoch, let last, let finished, let dropped):
                logger.info(
                    "leading",
                    metadata: [
                        "epoch": "\(epoch)", "last": "\(last)", "finished": "\(finished)", "dropped": "\(dropped)",
                    ]
                )
            case .notLeading(let reason):
                logger.warning("not leading", metadata: ["reason": "\(reason)"])
            }
        }
    }
}
