/// Pauses, given from outside so that a simulation can own time.
public protocol ReplicationClock: Sendable {
    /// Waits; returns early when the task is cancelled.
    func sleep(_ duration: Duration) async
}
