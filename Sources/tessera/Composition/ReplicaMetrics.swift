import Replication
import ShardProtocol
import Telemetry

/// Keeps the metrics of replicas up to date.
struct ReplicaMetrics {
    /// Between two readings: what alerts look at changes in seconds.
    private static let pause: Duration = .seconds(5)
    /// How long a replica may take to say how it is.
    private static let deadline: Duration = .seconds(1)

    let metrics: MetricsRegistry
    let groups: [ReplicatedShard]

    /// Reads until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            for group in groups {
                for replica in await group.replicas(within: Self.deadline) { tell(replica) }
                let counters = group.counters
                let name = "\(group.id)"
                metrics.gauge(.groupRemoved, name).set(Int(clamping: counters.removed))
                metrics.gauge(.groupReturned, name).set(Int(clamping: counters.returned))
                metrics.gauge(.groupFailovers, name).set(Int(clamping: counters.failovers))
                metrics.gauge(.groupHedged, name).set(Int(clamping: counters.hedged))
                metrics.gauge(.groupDiffered, name).set(Int(clamping: counters.differed))
                metrics.gauge(.groupCopied, name).set(Int(clamping: counters.copied))
            }
            await SystemClock().sleep(Self.pause)
        }
    }

    private func tell(_ replica: ReplicaReport) {
        var isUp = false
        if case .success(let status) = replica.status {
            isUp = true
            metrics.gauge(.replicaDamage, replica.name).set(status.damage.count)
        }
        metrics.gauge(.replicaUp, replica.name).set(isUp ? 1 : 0)
        metrics.gauge(.replicaInSync, replica.name).set(replica.state == "in-sync" ? 1 : 0)
        metrics.gauge(.replicaLag, replica.name).set(Int(clamping: replica.lag))
        metrics.gauge(.replicaSlotsLeft, replica.name).set(Int(clamping: replica.slotsLeft))
    }
}
