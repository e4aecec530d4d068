internal import Identifiers
import ShardProtocol
import ShardStore
import Telemetry

/// A shard node's metrics in Prometheus' text format.
enum ShardMetrics {
    /// Writes all metrics.
    static func text(_ counters: StoreCounters, _ steps: StoreSteps, _ status: ShardStatus) -> String {
        var text = ProcessUsage.current.prometheusText
        for (name, help, value) in costs(steps) {
            add("\(name)_cpu_nanoseconds_total", "counter", help, value, to: &text)
        }
        for (name, help, value) in counts(counters) { add(name, "counter", help, value, to: &text) }
        for (name, help, value) in gauges(counters, status) { add(name, "gauge", help, value, to: &text) }
        text += "# HELP tessera_store_rows Rows stored, by table.\n# TYPE tessera_store_rows gauge\n"
        for (table, rows) in zip(StoreTable.allCases, status.rows) {
            text += "tessera_store_rows{table=\"\(table)\"} \(rows)\n"
        }
        return text
    }

    private typealias Metric = (name: String, help: String, value: UInt64)

    private static func counts(_ counters: StoreCounters) -> [Metric] {
        [
            ("commits_total", "Commits that are durable.", counters.commits),
            ("commit_bytes_total", "Bytes of their operations.", counters.commitBytes),
            ("commits_failed_total", "Commits refused or failed.", counters.failedCommits),
            ("log_syncs_total", "Groups of commits synced together.", counters.groups),
            ("flushes_total", "Flushes of the delta into the state.", counters.flushes),
            ("flushes_failed_total", "Flushes that failed and are repeated.", counters.failedFlushes),
            ("queries_total", "Candidate queries answered.", counters.queries),
            ("postings_read_total", "Postings read by candidate queries.", counters.postingsRead),
            ("candidates_bounded_total", "Candidates ruled out by their sketch.", counters.bounded),
            ("candidates_scored_total", "Candidates scored in full.", counters.scored),
            ("blocks_cut_total", "Blocks that were longer than the rules' limit.", counters.cutBlocks),
            ("rows_read_total", "Rows read by key.", counters.rowsRead),
            ("rows_scanned_total", "Rows given by scans.", counters.rowsScanned),
        ]
    }

    private static func costs(_ steps: StoreSteps) -> [Metric] {
        [
            ("search", "Processor time of candidate queries.", steps.search),
            ("read", "Processor time of reading rows.", steps.read),
            ("take", "Processor time of checking commits.", steps.take),
            ("log", "Processor time of writing the log.", steps.log),
            ("apply", "Processor time of making commits visible.", steps.apply),
            ("flush", "Processor time of writing runs.", steps.flush),
            ("merge", "Processor time of merging runs.", steps.merge),
        ]
    }

    private static func gauges(_ counters: StoreCounters, _ status: ShardStatus) -> [Metric] {
        [
            ("delta_bytes", "Memory of what is durable but not yet in the state.", counters.deltaBytes),
            ("waiting_bytes", "Writes waiting for the log.", counters.waitingBytes),
            ("log_bytes", "Log that is not yet in the state.", status.logBytes),
            ("state_bytes", "Size of the state's file.", status.stateBytes),
            ("damage", "Places where what is stored is known to be damaged.", UInt64(status.damage.count)),
            ("disk_free_bytes", "Free space under the store.", status.diskFree),
            ("postings", "Postings stored.", status.postings),
            ("epoch", "Highest epoch accepted.", status.epoch.rawValue),
            ("through", "Highest durable sequence number.", status.through.rawValue),
            ("recovery_milliseconds", "How long the last opening took.", status.recoveryMilliseconds),
            ("recovered_frames", "Log frames replayed at the last opening.", status.recoveredFrames),
        ]
    }

    private static func add(_ name: String, _ type: String, _ help: String, _ value: UInt64, to text: inout String) {
        text += "# HELP tessera_store_\(name) \(help)\n# TYPE tessera_store_\(name) \(type)\n"
        text += "tessera_store_\(name) \(value)\n"
    }
}
