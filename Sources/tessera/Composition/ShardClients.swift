import Coordinator
import Identifiers
import Logging
import NIOCore
import Replication
import ShardProtocol
import ShardService
import Topology
import Transport

/// Makes clients of shard groups, also of those that join while the coordinator runs.
final class ShardClients: Sendable {
    /// How long a replica may take for a write before it leaves the in-sync set.
    ///
    /// A store that flushes holds writes up for hundreds of milliseconds; writes must go on within five seconds.
    private static let replicaCommitDeadline: Duration = .seconds(3)

    private let control: any ControlPlaneClient
    private let members: MemberTLS?
    private let speaks: SpokenVersions
    private let loops: any EventLoopGroup
    private let patience: RemoteShard.Patience
    private let journal: ClusterJournal
    private let logger: Logger
    private let made: AsyncStream<ReplicatedShard>.Continuation
    /// The groups of several replicas, which want to be looked after, as they are connected.
    let replicated: AsyncStream<ReplicatedShard>

    /// Makes clients that wait for answers as long as the deadline.
    init(
        control: any ControlPlaneClient,
        members: MemberTLS?,
        speaks: SpokenVersions,
        group loops: any EventLoopGroup,
        deadline: Duration,
        journal: ClusterJournal,
        logger: Logger
    ) {
        self.control = control
        self.members = members
        self.speaks = speaks
        self.loops = loops
        self.journal = journal
        self.logger = logger
        var patience = RemoteShard.Patience()
        patience.deadline = deadline
        self.patience = patience
        (replicated, made) = AsyncStream.makeStream()
    }

    /// The client of a group; for one that cannot be reached from here, a client that says why.
    func connect(_ group: ShardGroup) -> any ShardClient {
        if group.replicas.count == 1, let only = group.replicas.first { return client(only, patience) }
        // A group asks another replica, or again, by itself; and it must not wait for long for one that hangs.
        var patience = patience
        patience.attempts = 1
        patience.commitDeadline = min(patience.deadline, Self.replicaCommitDeadline)
        let shard = ReplicatedShard(
            group: group.id,
            control: control,
            clock: SystemClock(),
            observe: Self.observer(group.id, journal, logger)
        ) { [patience, members, speaks, loops] replica in
            Self.client(replica, patience, members, speaks, loops)
        }
        made.yield(shard)
        return shard
    }

    private func client(_ replica: Replica, _ patience: RemoteShard.Patience) -> any ShardClient {
        Self.client(replica, patience, members, speaks, loops)
    }

    private static func client(
        _ replica: Replica,
        _ patience: RemoteShard.Patience,
        _ members: MemberTLS?,
        _ speaks: SpokenVersions,
        _ loops: any EventLoopGroup
    ) -> any ShardClient {
        guard let address = ListenAddress(replica.address) else {
            return AbsentShard(reason: "\(replica.name): \(replica.address) is not HOST:PORT")
        }
        do {
            let endpoint = Endpoint(host: address.host, port: address.port, tls: members?.client)
            // A connection for each loop: what is asked there is answered there.
            let configuration = HTTPClientConfiguration.member(connections: CoordinatorCommand.loops)
            let client = try HTTPClient(endpoint: endpoint, configuration: configuration, group: loops)
            return RemoteShard(client, patience: patience, speaks: speaks)
        } catch {
            return AbsentShard(reason: "\(replica.address): \(error)")
        }
    }

    /// Tells operators what happens to replicas.
    private static func observer(
        _ id: ShardID,
        _ journal: ClusterJournal,
        _ logger: Logger
    ) -> @Sendable (ReplicationEvent) -> Void {
        { event in
            note(event, of: id, in: journal)
            var metadata: Logger.Metadata = ["shard": "\(id)"]
            switch event {
            case .removed(let replica, let error):
                metadata["replica"] = "\(replica)"
                metadata["reason"] = "\(error)"
                logger.warning("a replica left the in-sync set", metadata: metadata)
            case .reconciled(let replicas):
                metadata["replicas"] = "\(replicas.joined(separator: " "))"
                logger.info("replicas got the last message of the foremost", metadata: metadata)
            case .catchingUp(let replica):
                metadata["replica"] = "\(replica)"
                logger.info("a replica catches up", metadata: metadata)
            case .returned(let replica, let slots, let operations):
                metadata["replica"] = "\(replica)"
                metadata["slots"] = "\(slots)"
                metadata["operations"] = "\(operations)"
                logger.info("a replica is in sync again", metadata: metadata)
            case .gaveUp(let replica, let error):
                metadata["replica"] = "\(replica)"
                metadata["reason"] = "\(error)"
                logger.debug("a catch-up was given up", metadata: metadata)
            case .differed(let replica, let slots):
                metadata["replica"] = "\(replica)"
                metadata["slots"] = "\(slots.count), first \(slots.first.map { "\($0)" } ?? "none")"
                logger.error("a replica in sync differs from the others", metadata: metadata)
            case .damaged(let replica, let damage):
                metadata["replica"] = "\(replica)"
                metadata["damage"] = "\(damage.joined(separator: "; "))"
                logger.error("a replica's store is damaged", metadata: metadata)
            case .mapUnavailable(let reason):
                metadata["reason"] = "\(reason)"
                logger.warning("the cluster map cannot be changed", metadata: metadata)
            }
        }
    }

    /// Notes what operators ask for by `cluster events`; that a replica comes and goes is told by the map.
    private static func note(_ event: ReplicationEvent, of id: ShardID, in journal: ClusterJournal) {
        switch event {
        case .removed(let replica, let error): journal.note(.replicaRemoved, replica, "\(error)")
        case .returned(let replica, let slots, let operations):
            journal.note(.replicaReturned, replica, "\(slots) slots differed, \(operations) rows and postings written")
        case .differed(let replica, let slots): journal.note(.damage, replica, "differs in \(slots.count) slots")
        case .damaged(let replica, let damage): journal.note(.damage, replica, damage.joined(separator: "; "))
        case .mapUnavailable(let reason): journal.note(.controlPlane, "\(id)", reason)
        case .reconciled, .catchingUp, .gaveUp: break
        }
    }
}
