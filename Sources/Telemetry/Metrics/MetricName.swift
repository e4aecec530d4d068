/// A metric as operators know it: name, meaning, and the labels that tell its series apart.
///
/// Every metric of the program is named in this file; dashboards and alerts are written against `MetricName.all`.
public struct MetricName: Sendable, Hashable {
    /// How a metric behaves.
    public enum Kind: Sendable, Hashable {
        /// Only grows.
        case counter
        /// Goes up and down.
        case gauge
        /// Counts observations by size; the bounds are upper ends, ascending, in the metric's unit.
        case histogram([Double])
    }

    /// `tessera_…`, the unit last, as Prometheus wants it.
    public let name: String
    /// One sentence for operators.
    public let help: String
    /// How it behaves.
    public let kind: Kind
    /// Names of the labels, in the order in which their values are given.
    public let labels: [String]

    /// Names a metric.
    public init(_ name: String, _ kind: Kind, labels: [String] = [], help: String) {
        self.name = name
        self.help = help
        self.kind = kind
        self.labels = labels
    }
}

extension MetricName {
    /// Seconds: a factor of about two between bounds, dense where the service targets lie (5, 15 and 25 ms).
    static let secondsBounds: [Double] = [
        0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ]
    /// Counts of things that a search touches: powers of four.
    static let countBounds: [Double] = [0, 1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144]

    /// Requests answered.
    public static let httpRequests = MetricName(
        "tessera_http_requests_total",
        .counter,
        labels: ["route", "status"],
        help: "Requests answered, by route and status."
    )
    /// Messages of HL7 v2 answered.
    public static let hl7Messages = MetricName(
        "tessera_hl7_messages_total",
        .counter,
        labels: ["event", "acknowledgement"],
        help: "Messages of HL7 v2 answered, by event and acknowledgement code."
    )
    /// Update notifications of HL7 v2 sent.
    public static let hl7Notifications = MetricName(
        "tessera_hl7_notifications_total",
        .counter,
        labels: ["consumer", "outcome"],
        help: "Update notifications of HL7 v2, by consumer and outcome: accepted, retried, refused."
    )
    /// Notifications of subscribers.
    public static let subscriptionNotifications = MetricName(
        "tessera_subscription_notifications_total",
        .counter,
        labels: ["subscription", "outcome"],
        help: "Notifications of FHIR subscriptions, by outcome: delivered, retried, dead, handshake, heartbeat."
    )
    /// Seconds to answer a request.
    public static let httpDuration = MetricName(
        "tessera_http_request_duration_seconds",
        .histogram(secondsBounds),
        labels: ["route"],
        help: "Time from a whole request to its answer, by route."
    )
    /// Requests under way.
    public static let httpInFlight = MetricName(
        "tessera_http_requests_in_flight",
        .gauge,
        help: "Requests being answered now."
    )
    /// Requests turned away.
    public static let httpOverloaded = MetricName(
        "tessera_http_requests_overloaded_total",
        .counter,
        help: "Requests turned away because too many were being answered."
    )
    /// Records stored.
    public static let recordsStored = MetricName(
        "tessera_records_stored_total",
        .counter,
        labels: ["result"],
        help: "Writes carried out, by result: created, updated, unchanged, removed, held."
    )
    /// Records refused.
    public static let recordsRefused = MetricName(
        "tessera_records_refused_total",
        .counter,
        labels: ["code"],
        help: "Writes refused, by reason."
    )
    /// Records that could not be stored now.
    public static let recordsUnavailable = MetricName(
        "tessera_records_unavailable_total",
        .counter,
        help: "Writes answered with: repeat later."
    )
    /// Bulk streams open.
    public static let loadStreams = MetricName(
        "tessera_load_streams",
        .gauge,
        help: "Bulk loads under way."
    )
    /// Lines of bulk loads.
    public static let loadLines = MetricName(
        "tessera_load_lines_total",
        .counter,
        help: "Lines read by bulk loads."
    )
    /// Seconds of a match.
    public static let matchDuration = MetricName(
        "tessera_match_duration_seconds",
        .histogram(secondsBounds),
        help: "Time to find the records that may be one patient."
    )
    /// Matches found.
    public static let matchFound = MetricName(
        "tessera_match_found",
        .histogram([0, 1, 2, 5, 10, 20, 50, 100]),
        help: "Records found by a match."
    )
    /// Matches cut.
    public static let matchIncomplete = MetricName(
        "tessera_match_incomplete_total",
        .counter,
        help: "Matches in which a block was cut, so that something may be missing."
    )
    /// Cost of a search.
    public static let searchCost = MetricName(
        "tessera_search_cost",
        .histogram(countBounds),
        labels: ["step"],
        help: "What a search touched, by step."
    )
    /// Whether this node leads.
    public static let clusterLeading = MetricName(
        "tessera_cluster_leading",
        .gauge,
        help: "1 where this coordinator takes writes, else 0."
    )
    /// Epoch.
    public static let clusterEpoch = MetricName(
        "tessera_cluster_epoch",
        .gauge,
        help: "The reign that this coordinator knows."
    )
    /// Durable sequence.
    public static let clusterThrough = MetricName(
        "tessera_cluster_sequence",
        .gauge,
        help: "The last write that is durable everywhere."
    )
    /// Writes in flight.
    public static let clusterInFlight = MetricName(
        "tessera_cluster_writes_in_flight",
        .gauge,
        help: "Writes waiting or under way."
    )
    /// Shard answers.
    public static let shardUp = MetricName(
        "tessera_shard_up",
        .gauge,
        labels: ["shard"],
        help: "1 where the shard answers, else 0."
    )
    /// Slots of a shard.
    public static let shardSlots = MetricName(
        "tessera_shard_slots",
        .gauge,
        labels: ["shard"],
        help: "Slots that the shard owns."
    )
    /// Rows of a shard.
    public static let shardRows = MetricName(
        "tessera_shard_rows",
        .gauge,
        labels: ["shard", "table"],
        help: "Rows of the shard, by table."
    )
    /// Postings of a shard.
    public static let shardPostings = MetricName(
        "tessera_shard_postings",
        .gauge,
        labels: ["shard"],
        help: "Postings of the shard."
    )
    /// Log of a shard.
    public static let shardLogBytes = MetricName(
        "tessera_shard_log_bytes",
        .gauge,
        labels: ["shard"],
        help: "Bytes of the shard's log that are not yet in its state."
    )
    /// State of a shard.
    public static let shardStateBytes = MetricName(
        "tessera_shard_state_bytes",
        .gauge,
        labels: ["shard"],
        help: "Bytes of the shard's state."
    )
    /// Free disk of a shard.
    public static let shardDiskFreeBytes = MetricName(
        "tessera_shard_disk_free_bytes",
        .gauge,
        labels: ["shard"],
        help: "Free bytes on the disk that holds the shard's store."
    )

    /// 1 where the replica answers.
    public static let replicaUp = MetricName(
        "tessera_replica_up",
        .gauge,
        labels: ["replica"],
        help: "1 where the replica answers."
    )
    /// 1 where the replica is in sync: nothing is acknowledged without it.
    public static let replicaInSync = MetricName(
        "tessera_replica_in_sync",
        .gauge,
        labels: ["replica"],
        help: "1 where the replica is in sync: nothing is acknowledged without it."
    )
    /// Writes that the foremost replica of the group has and this one lacks.
    public static let replicaLag = MetricName(
        "tessera_replica_lag_writes",
        .gauge,
        labels: ["replica"],
        help: "Writes that the foremost replica of the group has and this one lacks."
    )
    /// Slots that a catch-up has still to compare or copy.
    public static let replicaSlotsLeft = MetricName(
        "tessera_replica_catch_up_slots",
        .gauge,
        labels: ["replica"],
        help: "Slots that a catch-up has still to compare or copy."
    )
    /// Replicas that left the in-sync set since this process started.
    public static let groupRemoved = MetricName(
        "tessera_group_removed",
        .gauge,
        labels: ["shard"],
        help: "Replicas that left the in-sync set since this process started."
    )
    /// Replicas that came back into sync since this process started.
    public static let groupReturned = MetricName(
        "tessera_group_returned",
        .gauge,
        labels: ["shard"],
        help: "Replicas that came back into sync since this process started."
    )
    /// Reads that a second replica answered since this process started.
    public static let groupFailovers = MetricName(
        "tessera_group_read_failovers",
        .gauge,
        labels: ["shard"],
        help: "Reads that a second replica answered since this process started."
    )
    /// Reads that a second replica was asked for as well since this process started.
    public static let groupHedged = MetricName(
        "tessera_group_hedged_reads",
        .gauge,
        labels: ["shard"],
        help: "Reads that a second replica was asked for as well since this process started."
    )
    /// Slots in which copies differed since this process started.
    public static let groupDiffered = MetricName(
        "tessera_group_differing_slots",
        .gauge,
        labels: ["shard"],
        help: "Slots in which copies differed since this process started."
    )
    /// Rows and postings that catch-ups wrote or removed since this process started.
    public static let groupCopied = MetricName(
        "tessera_group_copied_operations",
        .gauge,
        labels: ["shard"],
        help: "Rows and postings that catch-ups wrote or removed since this process started."
    )

    /// Places where the replica says that what it stores is damaged.
    public static let replicaDamage = MetricName(
        "tessera_replica_damage",
        .gauge,
        labels: ["replica"],
        help: "Places where the replica says that what it stores is damaged."
    )
    /// Places where the shard says that what it stores is damaged.
    public static let shardDamage = MetricName(
        "tessera_shard_damage",
        .gauge,
        labels: ["shard"],
        help: "Places where the shard says that what it stores is damaged."
    )
    /// Keys searched and rows read by this coordinator, a minute.
    public static let shardQuestions = MetricName(
        "tessera_shard_questions_per_minute",
        .gauge,
        labels: ["shard"],
        help: "Keys searched and rows read by this coordinator, a minute."
    )
    /// Share of the hottest slot in all that this coordinator asks for, in percent.
    public static let hottestSlot = MetricName(
        "tessera_slot_hottest_percent",
        .gauge,
        help: "Share of the hottest slot in all that this coordinator asks for, in percent."
    )
    /// Records that were taken before they could be searched for, and wait for that.
    public static let recordsUnsearched = MetricName(
        "tessera_records_unsearched",
        .gauge,
        help: "Records that were taken before they could be searched for, and wait for that; told by who leads."
    )
    /// Moves of slots that are not over.
    public static let movesWaiting = MetricName(
        "tessera_moves_unfinished",
        .gauge,
        help: "Moves of slots that are not over."
    )
    /// Moves of slots that do not go on, and for which nobody paused them.
    public static let movesHeld = MetricName(
        "tessera_moves_held",
        .gauge,
        help: "Moves of slots that do not go on, and for which nobody paused them."
    )
    /// Slots that have still to be copied or dropped in the phase of the move under way.
    public static let moveSlotsLeft = MetricName(
        "tessera_move_slots_left",
        .gauge,
        help: "Slots that have still to be copied or dropped in the phase of the move under way."
    )
    /// Seconds until the phase of the move under way is over, as it went so far.
    public static let moveSecondsLeft = MetricName(
        "tessera_move_seconds_left",
        .gauge,
        help: "Seconds until the phase of the move under way is over, as it went so far."
    )

    /// Audit events that were handed to the receiver of syslog since this process started.
    public static let syslogSent = MetricName(
        "tessera_audit_syslog_sent",
        .gauge,
        help: "Audit events that were handed to the receiver of syslog since this process started."
    )
    /// Audit entries that were put away before the receiver of syslog was told of them.
    public static let syslogLost = MetricName(
        "tessera_audit_syslog_lost",
        .gauge,
        help: "Audit entries whose files were put away before the receiver of syslog was told of them."
    )
    /// Audit events that wait for the receiver of syslog.
    public static let syslogWaiting = MetricName(
        "tessera_audit_syslog_waiting",
        .gauge,
        help: "Audit events that wait for the receiver of syslog."
    )

    /// Every metric, in the order of the exposition.
    public static let all: [MetricName] = [
        replicaUp, replicaInSync, replicaLag, replicaSlotsLeft, groupRemoved, groupReturned, groupFailovers,
        groupHedged, groupDiffered, groupCopied, replicaDamage, shardDamage, shardQuestions, hottestSlot,
        movesWaiting, movesHeld, moveSlotsLeft, moveSecondsLeft,
        httpRequests, hl7Messages, hl7Notifications, subscriptionNotifications, httpDuration, httpInFlight,
        httpOverloaded, recordsStored,
        recordsRefused, recordsUnavailable, recordsUnsearched,
        loadStreams, loadLines, matchDuration, matchFound, matchIncomplete, searchCost, clusterLeading, clusterEpoch,
        clusterThrough, clusterInFlight, shardUp, shardSlots, shardRows, shardPostings, shardLogBytes, shardStateBytes,
        shardDiskFreeBytes, syslogSent, syslogLost, syslogWaiting,
    ]
}
