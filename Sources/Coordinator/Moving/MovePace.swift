import ShardProtocol

/// Leaves clients half of the time while slots move: after each piece of work the mover rests for as long as it took.
///
/// A move would else take whatever the shards, their disks and the leader can do, and everybody else would wait in
/// between. A piece that waited for clients takes longer, so that more of them are let through before the next one.
/// Where nobody writes there is no rest.
struct MovePace: Sendable {
    /// The longest rest: a piece that took longer waited for a shard that did not answer.
    private static let longest: UInt64 = 250

    let gate: CopyGate
    let clock: any CoordinatorClock

    /// Does a piece of work, and rests after it where clients wrote meanwhile.
    func work<Result>(_ body: () async throws(ShardError) -> Result) async throws(ShardError) -> Result {
        let (began, entered) = (clock.milliseconds(), gate.entered)
        let result = try await body()
        let now = clock.milliseconds()
        // The clock on the wall may have been put back.
        guard gate.entered != entered, now > began else { return result }
        await clock.sleep(.milliseconds(min(now - began, Self.longest)))
        return result
    }
}
