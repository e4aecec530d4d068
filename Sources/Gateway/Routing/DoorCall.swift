internal import Coordinator
internal import Telemetry

/// A request that has found its route, with everything that answering it may need.
struct DoorCall: Sendable {
    /// The parts of the house behind the doors.
    struct Services: Sendable {
        let registry: any Registering
        let configuration: GatewayConfiguration
        let metrics: GatewayMetrics
        let routes: RouteTable
        /// Milliseconds since 1970.
        let time: @Sendable () -> UInt64
    }

    let services: Services
    let request: DoorRequest
    /// The values of the pattern's names, in order.
    let path: [String]

    var registry: any Registering { services.registry }
    var configuration: GatewayConfiguration { services.configuration }
    var limits: GatewayLimits { services.configuration.limits }

    /// The address of the FHIR door as clients write it.
    var fhirBase: String {
        let base = configuration.publicBase.isEmpty ? request.origin : configuration.publicBase
        return base + "/fhir"
    }

    /// Carries out a question to the registry; its errors become faults of the doors.
    func ask<Answer>(
        _ question: (any Registering) async throws(RegistryError) -> Answer
    ) async throws(DoorFault) -> Answer {
        do throws(RegistryError) {
            return try await question(registry)
        } catch {
            throw DoorFault(error)
        }
    }
}
