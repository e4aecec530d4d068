/// Where a shard node answers what; part of the wire between coordinator and shard.
enum ShardRoute {
    /// Messages: `POST`, a `MessageFrame` each way.
    static let messages = "/shard/v1"
    /// 200 while the process runs.
    static let live = "/health/live"
    /// 200 while the store serves, else 503 with the reason.
    static let ready = "/health/ready"
    /// Prometheus text.
    static let metrics = "/metrics"
}
