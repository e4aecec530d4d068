import ArgumentParser
import Authorities
import ControlPlane
import Coordinator
import Foundation
import Gateway
import Identifiers
import Logging
import Matching
import NIOPosix
import PatientMapping
import ShardProtocol
import ShardService
import ShardStore
import Telemetry
import Topology

/// Runs everything in one process: the embedded default.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run coordinator and shards in one process."
    )

    @Option(help: "The directory for all data; made where it is missing.")
    var data: String

    @Option(help: "How many shards; fixed once there is data.")
    var shards: Int?

    @Option(help: "The address to listen on.")
    var listen: ListenAddress = ListenAddress("127.0.0.1:8080") ?? ListenAddress(host: "127.0.0.1", port: 8080)

    @Option(help: "A rule file; the built-in rules by default.")
    var rules: String?

    @Option(help: "A file of assigning authorities; without it every system is a domain of its own.")
    var authorities: String?

    @OptionGroup(title: "FHIR")
    var fhir: FHIROptions

    @OptionGroup(title: "Access and audit")
    var access: GuardOptions

    @OptionGroup(title: "Encryption at rest")
    var encryption: EncryptionOptions

    @OptionGroup(title: "Stewards")
    var stewards: StewardOptions

    @OptionGroup(title: "HL7 v2")
    var hl7: MLLPOptions

    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: String = "info"

    func validate() throws {
        if let shards, !(1...ShardID.limit).contains(shards) {
            throw ValidationError("--shards must be 1 to \(ShardID.limit)")
        }
        if Logger.Level(rawValue: logLevel) == nil { throw ValidationError("--log-level is none of the known levels") }
    }

    func run() async throws {
        let ruleSet = try RuleSource.load(rules)
        var doors = GatewayConfiguration()
        doors.identifiers.authorities = try AuthoritySource.load(authorities)
        fhir.apply(to: &doors, isGuarded: access.access != nil)
        stewards.apply(to: &doors)
        var limits = CoordinatorLimits()
        stewards.apply(to: &limits)
        let consumers = try ConsumersFile.load(hl7.mllpConsumers)
        LogBootstrap.start(level: Logger.Level(rawValue: logLevel) ?? .info)
        let logger = Logger(label: "serve")
        let guards = try Guards(
            access,
            data: data,
            rules: ruleSet.version.description,
            authorities: doors.identifiers.authorities
        )
        try guards.check(listen, hl7.door, openToEveryone: access.openToEveryone, logger)
        let count = try shardCount()
        let control = try FileControlPlane(directory: data, seed: try ClusterSeed.embedded(shards: count))
        let map = try await control.clusterMap().map
        let vault = try encryption.source.map { Vault(try $0.keys()) }
        let stores = try (1...count).map { try ShardStore(directory: "\(data)/shard-\($0)", vault: vault) }
        let registry = Registry(
            slots: SlotMap(map),
            shards: stores.map { InProcessShard($0) },
            rules: ruleSet,
            control: control,
            tools: ToolSource.tools(
                "\(data)/backups",
                rules: self.rules,
                authorities: authorities,
                identifiers: doors.identifiers
            ),
            limits: limits,
            clock: SystemClock(),
            observe: RegistryService.observer(logger)
        )
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        var service = RegistryService(registry: registry, listen: listen, group: group, logger: logger)
        service.doors = doors
        service.guards = guards
        service.importFrom = fhir.importFrom
        service.mllp = hl7.door
        service.consumers = consumers
        if let source = encryption.source, let vault {
            service.upkeep = { await source.watch(vault, { stores }, logger) }
        }
        try await ServiceRun.run(service, logger: logger)
        for store in stores { await store.close() }
    }

    /// The number of shards that the data is laid out for.
    private func shardCount() throws -> Int {
        var found = 0
        while FileManager.default.fileExists(atPath: "\(data)/shard-\(found + 1)") { found += 1 }
        guard found > 0 else { return shards ?? 1 }
        if let shards, shards != found {
            throw ValidationError("\(data) is laid out for \(found) shards, not \(shards): leave --shards out")
        }
        return found
    }
}
