import Access
import Audit
import Coordinator
import Entrance
import Gateway
import HL7Door
import Logging
import NIOCore
import Replication
import ServiceLifecycle
import Telemetry
import Transport

/// A coordinator: the registry and its doors, from start to graceful end.
struct RegistryService: Service {
    /// How long open requests may take after the doors begin to close.
    private static let drainTime: Duration = .seconds(10)

    /// How often it is looked whether this node leads, for work that the leader alone does.
    private static let leadershipCheck: Duration = .milliseconds(250)

    let registry: Registry
    let listen: ListenAddress
    let group: any EventLoopGroup
    let logger: Logger
    /// Keeps the control plane at hand.
    var upkeep: @Sendable () async -> Void = {}
    /// Where other coordinators reach this one; `nil`: nowhere.
    var peer: ListenAddress?
    /// How members of the cluster prove that they are; `nil`: they are believed.
    var members: MemberTLS?
    /// Groups of replicas, to be looked after as they are connected; `nil`: there are none.
    var replicated: AsyncStream<ReplicatedShard>?
    /// What an operator chose about the doors.
    var doors = GatewayConfiguration()
    /// Where HL7 v2 is listened for; `nil`: nowhere.
    var mllp: MLLPDoor?
    /// Who may enter, and what is remembered; `nil`: everybody, and nothing.
    var guards: Guards?
    /// Who is told by HL7 v2 when the identifiers of a person change.
    var consumers: [NotificationConsumer] = []
    /// What the addresses of files may begin with that lie within the registry's own network.
    var importFrom: [String] = []
    /// Told the address once the doors are open.
    var opened: @Sendable (String) -> Void = { _ in }

    /// Runs until a graceful shutdown.
    func run() async throws {
        let metrics = MetricsRegistry()
        let gateway = Gateway(
            registry: registry,
            configuration: doors,
            metrics: metrics,
            entrance: guards?.entrance ?? .open,
            recorder: guards?.recorder ?? .none,
            bulk: BulkFetcher(allowed: importFrom, group: group)
        )
        try await guards?.remember("start")
        let refused = RefusedPeers(guards?.recorder ?? .none)
        var http = HTTPServerConfiguration(host: listen.host, port: listen.port, tls: guards?.tls)
        http.refused = refused.teller("https")
        let server = try HTTPServer(
            configuration: http,
            group: group,
            handler: gateway,
            logger: logger
        )
        let peers = try await openToPeers(refused)
        let address = try await server.start()
        logger.info("listening", metadata: ["address": "\(listen.host):\(address.port ?? listen.port)"])
        let messages = try await mllp?.open(registry, hl7, guards, refused, metrics, group, logger)
        let notifier = UpdateNotifier(registry: registry, settings: hl7, metrics: metrics, clock: SystemClock())
        let clients = try consumers.map { ($0, try MLLPClient(endpoint: $0.endpoint, group: group)) }
        opened("\(guards?.tls == nil ? "http" : "https")://\(listen.host):\(address.port ?? listen.port)")
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await registry.run() }
            tasks.addTask {
                await refused.run(logger)
                try? await gracefulShutdown()
            }
            if let replicated { tasks.addTask { await lookAfter(replicated, metrics) } }
            tasks.addTask {
                await upkeep()
                // With a control plane that needs none this is over at once, and must not end the service.
                try? await gracefulShutdown()
            }
            tasks.addTask { try? await gracefulShutdown() }
            for (consumer, client) in clients {
                tasks.addTask { await whileLeading { await notifier.run(consumer, client) } }
            }
            let pusher = gateway.pusher(sender: WebHookSender(doors.hooks), clock: SystemClock())
            tasks.addTask { await whileLeading { await pusher.run() } }
            let imports = gateway.importKeeper(clock: SystemClock())
            tasks.addTask { await whileLeading { await imports.run() } }
            if let syslog = guards?.syslog { tasks.addTask { await syslog.run(metrics, logger) } }
            if let fetcher = keyFetcher { tasks.addTask { await fetcher.run() } }
            // Whatever ends first ends the service: a shutdown, or a registry that cannot go on.
            await tasks.next()
            logger.info("draining")
            async let drained: Void? = messages?.drain(timeout: Self.drainTime)
            await server.drain(timeout: Self.drainTime)
            _ = await drained
            await peers?.drain(timeout: Self.drainTime)
            tasks.cancelAll()
        }
        await registry.resign()
        try? await guards?.remember("stop")
        await guards?.recorder.trail?.close()
        await guards?.syslog?.finish(logger)
        logger.info("stopped")
    }

    /// Keeps the replicas of all groups, and their metrics, until the task is cancelled.
    private func lookAfter(_ groups: AsyncStream<ReplicatedShard>, _ metrics: MetricsRegistry) async {
        await withDiscardingTaskGroup { tasks in
            for await group in groups {
                tasks.addTask { await group.run() }
                tasks.addTask { await ReplicaMetrics(metrics: metrics, groups: [group]).run() }
            }
        }
    }

    /// Runs work whenever this node leads: of several coordinators one alone tells consumers.
    private func whileLeading(_ work: @escaping @Sendable () async -> Void) async {
        while !Task.isCancelled {
            if registry.isLeading {
                await withTaskGroup(of: Void.self) { tasks in
                    tasks.addTask { await work() }
                    while registry.isLeading, !Task.isCancelled { try? await Task.sleep(for: Self.leadershipCheck) }
                    tasks.cancelAll()
                }
            }
            try? await Task.sleep(for: Self.leadershipCheck)
        }
    }

    private func openToPeers(_ refused: RefusedPeers) async throws -> HTTPServer? {
        guard let peer else { return nil }
        var configuration = PeerDoor.configuration(peer, members)
        configuration.refused = refused.teller("peers")
        let server = try HTTPServer(
            configuration: configuration,
            group: group,
            handler: PeerDoor(registry: registry, members: members?.coordinators),
            logger: logger
        )
        _ = try await server.start()
        logger.info("listening for coordinators", metadata: ["address": "\(peer)"])
        return server
    }

    /// What fetches the keys of issuers that publish them; `nil` where none does.
    private var keyFetcher: KeyFetcher? {
        let issuers = guards?.entrance.policy?.issuers.filter { KeyRing.isRemote($0) } ?? []
        guard let guards, !issuers.isEmpty else { return nil }
        return KeyFetcher(issuers: issuers, keys: guards.keys, logger: logger)
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
