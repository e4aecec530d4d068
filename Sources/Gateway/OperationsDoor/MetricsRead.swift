internal import Coordinator
internal import Identifiers
internal import ShardProtocol
internal import Telemetry
internal import Topology

/// `GET /metrics`: everything that is counted, in Prometheus' text format.
enum MetricsRead {
    static let route = Route(
        "metrics",
        .operations,
        "GET",
        "/metrics",
        access: .operate,
        "Metrics in Prometheus' text format.",
        answer: answer
    )

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let metrics = call.services.metrics.registry
        gather(await call.registry.status(), into: metrics)
        if let moves = try? await call.registry.moves() { gather(moves, into: metrics) }
        let text = metrics.prometheusText() + ProcessUsage.current.prometheusText
        return .content(MediaType.prometheus, Array(text.utf8))
    }

    /// What the cluster says of itself is asked for when it is wanted, and is as old as the answer.
    private static func gather(_ status: ClusterStatus, into metrics: MetricsRegistry) {
        metrics.gauge(.clusterLeading).set(status.leading ? 1 : 0)
        metrics.gauge(.clusterEpoch).set(Int(clamping: status.epoch.rawValue))
        metrics.gauge(.clusterThrough).set(Int(clamping: status.through.rawValue))
        metrics.gauge(.clusterInFlight).set(status.inFlight)
        for shard in status.shards {
            let name = shard.id.description
            metrics.gauge(.shardSlots, name).set(shard.slots)
            metrics.gauge(.shardQuestions, name).set(shard.questions)
            guard case .success(let shard) = shard.status else {
                metrics.gauge(.shardUp, name).set(0)
                continue
            }
            metrics.gauge(.shardUp, name).set(1)
            metrics.gauge(.shardDamage, name).set(shard.damage.count)
            for (table, count) in zip(StoreTable.allCases, shard.rows) {
                metrics.gauge(.shardRows, name, "\(table)").set(Int(clamping: count))
            }
            metrics.gauge(.shardPostings, name).set(Int(clamping: shard.postings))
            metrics.gauge(.shardLogBytes, name).set(Int(clamping: shard.logBytes))
            metrics.gauge(.shardStateBytes, name).set(Int(clamping: shard.stateBytes))
            metrics.gauge(.shardDiskFreeBytes, name).set(Int(clamping: shard.diskFree))
        }
        metrics.gauge(.recordsUnsearched).set(status.unsearched)
        metrics.gauge(.hottestSlot).set(status.hot.first?.percent ?? 0)
    }

    private static func gather(_ moves: [MoveView], into metrics: MetricsRegistry) {
        let unfinished = moves.filter { !$0.move.phase.isOver }
        let underWay = unfinished.first { $0.slotsDone != nil }
        metrics.gauge(.movesWaiting).set(unfinished.count)
        metrics.gauge(.movesHeld).set(unfinished.count { $0.held != nil && !$0.move.isPaused })
        metrics.gauge(.moveSlotsLeft).set(underWay.map { max($0.slotsOfPhase - ($0.slotsDone ?? 0), 0) } ?? 0)
        metrics.gauge(.moveSecondsLeft).set(underWay?.secondsLeft ?? 0)
    }
}
