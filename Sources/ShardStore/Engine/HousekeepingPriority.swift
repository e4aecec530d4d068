internal import Glibc

/// Lets merges use what traffic leaves of the processor.
///
/// A merge takes a second of the processor and nobody waits for it; with all shards at one size the merges of all fall
/// together, and traffic on the same cores would feel each of them.
enum HousekeepingPriority {
    /// A third of the weight that a thread of traffic has (`sched(7)`: 1.25 a step).
    private static let nice: Int32 = 5

    /// Lowers the calling thread's priority, which stays lowered; a thread of the pool for background work only.
    static func take() {
        // Of a number 0 Linux takes the calling thread alone. If a system refused, merges would only be as important as
        // before.
        _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, nice)
    }
}
