public import ShardProtocol

/// Names a request until it is answered.
public struct StoreTicket: Hashable, Sendable {
    /// The number; never given twice by one store.
    public let rawValue: UInt64

    /// Wraps a number.
    public init(_ rawValue: UInt64) { self.rawValue = rawValue }
}

/// What a `StoreCore` wants done.
///
/// The shell does it and comes back with the result.
public enum StoreEffect: Sendable {
    /// Give the answer to who asked.
    case answer(StoreTicket, ShardAnswer)
    /// Append entries to the log with one sync; then `appended`. Until then nothing of them is visible or answered.
    case append([LogEntry])
    /// Bring a delta into the state; then `flushed`.
    case flush(FlushJob)
    /// Bring a delta into the state after a pause, since the last attempt failed; then `flushed`.
    case flushLater(FlushJob)
    /// Cut the log through a frame, whenever convenient.
    case cut(through: UInt64)
}

/// A delta on its way into the state.
public struct FlushJob: Sendable {
    let delta: Delta

    /// Does the work; may run on any thread while the store goes on.
    ///
    /// - Throws: `StoreError`; the job can be run again.
    public func run(into state: any StateStore) throws(StoreError) {
        try state.apply(DeltaChanges(delta), mark: delta.mark)
    }
}
