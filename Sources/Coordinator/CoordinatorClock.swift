/// Time as the coordinator sees it: given from outside so that a simulation can own it.
public protocol CoordinatorClock: Sendable {
    /// Waits; returns early when the task is cancelled.
    func sleep(_ duration: Duration) async
    /// Milliseconds since 1970, as stored with every write.
    func milliseconds() -> UInt64
}
