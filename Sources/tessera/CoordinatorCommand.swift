import ArgumentParser
import Authorities
import Coordinator
import Gateway
import Identifiers
import Logging
import Matching
import NIOPosix
import PatientMapping
import Telemetry
import Topology
import Transport

/// Runs a coordinator.
struct CoordinatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "coordinator", abstract: "Run a coordinator.")

    /// Loops for doors and shard connections; the decisions run beside them.
    static let loops = 2

    @Option(help: "The configuration file (YAML).")
    var config: String

    @OptionGroup var protocols: SpeakOption

    func run() async throws {
        let configuration = try CoordinatorConfiguration(path: config)
        let rules = try RuleSource.load(configuration.rules)
        var doors = GatewayConfiguration()
        doors.identifiers.authorities = try AuthoritySource.load(configuration.authorities)
        configuration.fhir.apply(to: &doors, isGuarded: configuration.guards.access != nil)
        configuration.stewards.apply(to: &doors)
        let consumers = try ConsumersFile.load(configuration.mllpConsumers)
        LogBootstrap.start(level: configuration.logLevel)
        let logger = Logger(label: configuration.name)
        let guards = try Guards(
            configuration.guards,
            data: configuration.data,
            rules: rules.version.description,
            authorities: doors.identifiers.authorities
        )
        let isOpen = configuration.guards.openToEveryone
        try guards.check(configuration.listen, configuration.mllp, openToEveryone: isOpen, logger)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: Self.loops)
        var limits = CoordinatorLimits()
        configuration.stewards.apply(to: &limits)
        let control = try ControlSource(configuration, group: group, logger: logger)
        let map = try await control.currentMap(seed: configuration.seed, logger: logger)
        let link = configuration.peer.map { _ in PeerLink(members: configuration.members, group: group) }
        configuration.warnOfClearText(map, logger)
        let journal = ClusterJournal(clock: SystemClock())
        let shards = ShardClients(
            control: control.client,
            members: configuration.members,
            speaks: protocols.spoken,
            group: group,
            deadline: limits.shardDeadline,
            journal: journal,
            logger: logger
        )
        let registry = Registry(
            map: StoredMap(map: map, revision: 0),
            connect: shards.connect,
            rules: rules,
            control: control.client,
            link: link,
            tools: ToolSource.tools(
                configuration.backups,
                rules: configuration.rules,
                authorities: configuration.authorities,
                identifiers: doors.identifiers
            ),
            limits: limits,
            clock: SystemClock(),
            journal: journal,
            observe: RegistryService.observer(logger)
        )
        var service = RegistryService(registry: registry, listen: configuration.listen, group: group, logger: logger)
        service.upkeep = {
            async let watching: Void? = link?.run(control.client)
            await control.upkeep()
            _ = await watching
        }
        service.peer = configuration.peer
        service.members = configuration.members
        service.replicated = shards.replicated
        service.doors = doors
        service.guards = guards
        service.importFrom = configuration.fhir.importFrom
        service.mllp = configuration.mllp
        service.consumers = consumers
        try await ServiceRun.run(service, logger: logger)
    }
}
