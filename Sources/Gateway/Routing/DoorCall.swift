internal import Audit
internal import Coordinator
internal import Entrance
internal import Telemetry

/// A request that has found its route, with everything that answering it may need.
///
/// A reference, as its services are: a call is handed on through every step of an answer, and what it holds is never
/// changed.
final class DoorCall: Sendable {
    /// The parts of the house behind the doors.
    final class Services: Sendable {
        /// The registry as it is; calls ask it through what their caller may see.
        let registry: any Registering
        let entrance: Entrance
        let recorder: Recorder
        let configuration: GatewayConfiguration
        let metrics: GatewayMetrics
        let routes: RouteTable
        /// The imports that run here.
        let imports = ImportDesk()
        /// What operators ask at this moment.
        let operators = OpenCount()
        /// What fetches the files of imports; `nil`: nothing does.
        let bulk: (any BulkSource)?
        /// Milliseconds since 1970.
        let time: @Sendable () -> UInt64

        init(
            registry: any Registering,
            entrance: Entrance,
            recorder: Recorder,
            configuration: GatewayConfiguration,
            metrics: GatewayMetrics,
            routes: RouteTable,
            bulk: (any BulkSource)?,
            time: @escaping @Sendable () -> UInt64
        ) {
            self.registry = registry
            self.entrance = entrance
            self.recorder = recorder
            self.configuration = configuration
            self.metrics = metrics
            self.routes = routes
            self.bulk = bulk
            self.time = time
        }
    }

    let services: Services
    let request: DoorRequest
    /// The values of the pattern's names, in order.
    let path: [String]
    /// What is touched while it is answered.
    let notes: AccessNotes
    private let guarded: GuardedRegistry

    init(services: Services, request: DoorRequest, path: [String], notes: AccessNotes = AccessNotes()) {
        self.services = services
        self.request = request
        self.path = path
        self.notes = notes
        guarded = GuardedRegistry(services.registry, request.caller.grant, services.recorder.isOn ? notes : nil)
    }

    /// The registry as the caller may see it.
    var registry: any Registering { guarded }
    /// What the caller may do.
    var grant: Grant { request.caller.grant }
    var configuration: GatewayConfiguration { services.configuration }
    var limits: GatewayLimits { services.configuration.limits }

    /// The address of the FHIR door as clients write it.
    var fhirBase: String {
        let base = configuration.publicBase.isEmpty ? request.origin : configuration.publicBase
        return base + "/fhir"
    }

    /// Counts the entries of what was sent against the caller's rate: a bundle is as many requests as it holds.
    func count(entries: Int) {
        services.entrance.count(further: entries - 1, of: request.caller.name)
    }

    /// Asks for what is about to be changed and written back: of the caller's own records nothing is left out.
    func askForUpdate<Answer>(
        _ question: (any Registering) async throws(RegistryError) -> Answer
    ) async throws(DoorFault) -> Answer {
        do throws(RegistryError) {
            return try await question(guarded.forUpdate)
        } catch {
            throw DoorFault(error)
        }
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
