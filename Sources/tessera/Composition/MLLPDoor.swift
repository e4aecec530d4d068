import Coordinator
import Entrance
import HL7Door
import Logging
import NIOCore
import Telemetry
import Transport

/// Where HL7 v2 is listened for, and how its door is set; there is none unless somebody asks for it.
struct MLLPDoor {
    var listen: ListenAddress
    var tls: TLSServerConfiguration?
    var settings = HL7DoorSettings()

    /// Opens the door.
    func open(
        _ registry: Registry,
        _ settings: HL7DoorSettings,
        _ guards: Guards?,
        _ refused: RefusedPeers,
        _ metrics: MetricsRegistry,
        _ group: any EventLoopGroup,
        _ logger: Logger
    ) async throws -> MLLPServer {
        let clock = SystemClock()
        var configuration = MLLPServerConfiguration(host: listen.host, port: listen.port, tls: tls)
        configuration.refused = refused.teller("mllp")
        let server = try MLLPServer(
            configuration: configuration,
            group: group,
            application: HL7Door(
                registry: registry,
                settings: settings,
                metrics: metrics,
                entrance: guards?.entrance ?? .open,
                recorder: guards?.recorder ?? .none,
                now: { clock.milliseconds() }
            ),
            logger: logger
        )
        let address = try await server.start()
        logger.info("listening for HL7 v2", metadata: ["address": "\(listen.host):\(address.port ?? listen.port)"])
        return server
    }
}
