import ShardProtocol

/// The attempts that a replica which cannot be reached is given: some pauses, and a time after which none is begun.
struct Retries {
    private var pauses: ArraySlice<Duration>
    private let until: Duration

    /// Attempts by a policy, of which the first is made now.
    init(_ policy: ReplicaPolicy, now: Duration) {
        pauses = policy.retryPauses[...]
        until = now + policy.retryTime
    }

    /// The pause before the next attempt; `nil` where there is none.
    mutating func pause(after error: ShardError, now: Duration) -> Duration? {
        guard case .unavailable = error, let pause = pauses.popFirst() else { return nil }
        return now < until && !Task.isCancelled ? pause : nil
    }
}
