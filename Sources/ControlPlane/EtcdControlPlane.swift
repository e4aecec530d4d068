public import Etcd
public import Identifiers
public import Logging
import Locks
public import Topology

/// The control plane of a real cluster: leadership by a lease of etcd, epochs and the map by compare-and-swap.
///
/// The row `leader` hangs on the leader's lease and is written together with the next `epoch`, so that an epoch has one
/// leader. `holds` goes by `LeaseSpan`: a leader that cannot reach etcd stops before another one can begin.
///
///     let control = EtcdControlPlane(etcd: client, keys: EtcdKeySpace(prefix: "/tessera/national/"), identity: me)
///     async let upkeep: Void = control.run()
///     let epoch = try await control.beginEpoch()
public final class EtcdControlPlane: ControlPlaneClient {
    struct State {
        var lease: UInt64?
        var span = LeaseSpan()
        var epoch: Epoch?
        var leader: Leader?
        /// Renewals of the lease that wait for an answer.
        var renewing = 0
        /// Whether a reign of this node's name may be its own, from before it was started again.
        var mayInherit = true
        var failedRenewals = Seldom()
    }

    let etcd: EtcdClient
    let keys: EtcdKeySpace
    let identity: Leader
    let leaseTime: Duration
    let logger: Logger
    let state = Mutex(State())
    let channel = MapChannel()
    private let seed: ClusterMap?
    private let clock: @Sendable () -> Duration
    /// Something may have changed about who leads.
    let stirred = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    /// Puts a control plane together; nothing is asked before it is used.
    ///
    /// - Parameters:
    ///   - etcd: the cluster of etcd.
    ///   - keys: where in it.
    ///   - identity: what other coordinators call this one, and where they reach it.
    ///   - seed: the first map; does nothing where there is a map already.
    ///   - leaseTime: how long a leader may be silent; etcd grants whole seconds, two at least.
    ///   - logger: told of losses.
    ///   - clock: this node's monotonic clock, which goes on while the machine sleeps.
    public init(
        etcd: EtcdClient,
        keys: EtcdKeySpace,
        identity: Leader,
        seed: ClusterMap? = nil,
        leaseTime: Duration = .seconds(2),
        logger: Logger = Logger(label: "tessera.control"),
        clock: (@Sendable () -> Duration)? = nil
    ) {
        self.etcd = etcd
        self.keys = keys
        self.identity = identity
        self.seed = seed
        self.leaseTime = leaseTime
        self.logger = logger
        let start = ContinuousClock.now
        self.clock = clock ?? { ContinuousClock.now - start }
    }

    var now: Duration { clock() }

    /// Whether this node surely still leads in that epoch.
    public func holds(_ epoch: Epoch) -> Bool {
        let now = now
        return state.withLock { $0.epoch == epoch && $0.span.holds(at: now) }
    }

    /// Who leads, as etcd last said.
    public func leader() -> Leader? { state.withLock { $0.leader } }

    /// The cluster map now and whenever it changes.
    public func changes() -> AsyncStream<StoredMap> { channel.maps() }

    // MARK: The map

    /// The cluster map; the seed becomes it where there is none.
    public func clusterMap() async throws(TopologyError) -> StoredMap {
        while true {
            if let stored = try await read() { return stored }
            guard let seed else { throw .missing }
            _ = try await perform(
                EtcdTransaction(
                    conditions: [.absent(keys.map)],
                    steps: [.put(keys.map, Array(seed.encoded().utf8), lease: 0)]
                )
            )
        }
    }

    /// Puts a map in the place of the one of that revision.
    public func replace(_ map: ClusterMap, expecting revision: UInt64) async throws(TopologyError) -> UInt64 {
        try map.check()
        guard let current = try await read(), current.revision == revision else { throw .conflict }
        guard map.version == current.map.version + 1 else {
            throw .broken("version \(map.version) does not follow \(current.map.version)")
        }
        let outcome = try await perform(
            EtcdTransaction(
                conditions: [.modified(keys.map, revision)],
                steps: [.put(keys.map, Array(map.encoded().utf8), lease: 0)]
            )
        )
        guard outcome.succeeded else { throw .conflict }
        channel.tell(StoredMap(map: map, revision: outcome.revision))
        return outcome.revision
    }

    private func read() async throws(TopologyError) -> StoredMap? {
        let range: EtcdRange
        do throws(EtcdError) {
            range = try await etcd.read(.one(keys.map))
        } catch {
            throw .unavailable("\(error)")
        }
        guard let row = range.rows.first else { return nil }
        let stored = try Self.stored(row)
        channel.tell(stored)
        return stored
    }

    static func stored(_ row: EtcdRow) throws(TopologyError) -> StoredMap {
        guard let text = String(validating: row.value, as: UTF8.self) else { throw .unreadable("it is not UTF-8") }
        return StoredMap(map: try ClusterMap(decoding: text), revision: row.modified)
    }

    private func perform(
        _ transaction: EtcdTransaction
    ) async throws(TopologyError) -> EtcdTransaction.Outcome {
        do throws(EtcdError) {
            return try await etcd.perform(transaction)
        } catch {
            throw .unavailable("\(error)")
        }
    }
}
