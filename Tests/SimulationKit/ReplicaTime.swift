import Replication

/// Virtual time as groups of replicas see it: whoever waits for the slower of two answers stops waiting at once when the
/// faster one is there.
struct ReplicaTime: ReplicationClock {
    let time: VirtualTime

    var now: Duration { .microseconds(Int64(time.now)) }

    func sleep(_ duration: Duration) async {
        let parts = duration.components
        let microseconds = UInt64(parts.seconds) * 1_000_000 + UInt64(parts.attoseconds / 1_000_000_000_000)
        guard !Task.isCancelled else {
            await Task.yield()
            return
        }
        await time.sleepUnlessCancelled(microseconds: microseconds)
    }
}
