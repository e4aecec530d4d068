/// Time, given from outside so that a simulation can own it.
public protocol ReplicationClock: Sendable {
    /// The time since some moment, which goes on steadily.
    var now: Duration { get }
    /// Waits; returns early when the task is cancelled.
    func sleep(_ duration: Duration) async
}
