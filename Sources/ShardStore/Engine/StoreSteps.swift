internal import Glibc

/// Processor time of a store's steps since it was opened, in nanoseconds of the threads that took them.
public struct StoreSteps: Sendable, Equatable {
    /// Searching for candidates and scoring them.
    public var search: UInt64 = 0
    /// Reading rows, by key or in order.
    public var read: UInt64 = 0
    /// Checking commits and lining them up.
    public var take: UInt64 = 0
    /// Writing groups of commits to the log, with their sync.
    public var log: UInt64 = 0
    /// Making what is durable visible.
    public var apply: UInt64 = 0
    /// Writing deltas into sorted runs.
    public var flush: UInt64 = 0
    /// Merging runs.
    public var merge: UInt64 = 0

    /// All zero.
    public init() {}

    /// Processor time of this thread: a system call, a fifth of a microsecond, for steps of many records.
    static var now: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
