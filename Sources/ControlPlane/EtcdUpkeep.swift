import Etcd
import Logging
import Locks
import Topology

/// What goes on beside the questions: keeping the lease alive, and watching.
extension EtcdControlPlane {
    /// Renewals that are begun in the time of a lease: some may fail before it ends.
    ///
    /// None waits for the one before: while etcd elects a leader of its own, requests from before may hang that later
    /// ones overtake.
    private static let renewals = 8
    /// Renewals that wait for an answer at one time.
    private static let renewalsUnderWay = 6
    /// Looked for a change at least so often, whatever the watch says.
    private static let tick: Duration = .seconds(1)
    /// After a failure, so that a member that fails at once is not asked in a circle.
    private static let pause: Duration = .milliseconds(100)

    /// Keeps the lease alive and watches, until the task is cancelled.
    public func run() async {
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await self.keepLeaseAlive() }
            tasks.addTask { await self.watch() }
            tasks.addTask {
                while !Task.isCancelled {
                    try? await Task.sleep(for: Self.tick)
                    self.stirred.continuation.yield()
                }
            }
        }
    }

    private func keepLeaseAlive() async {
        await withDiscardingTaskGroup { tasks in
            while !Task.isCancelled {
                try? await Task.sleep(for: leaseTime / Self.renewals)
                let lease = state.withLock { state -> UInt64? in
                    guard state.renewing < Self.renewalsUnderWay, let lease = state.lease else { return nil }
                    state.renewing += 1
                    return lease
                }
                guard let lease else { continue }
                tasks.addTask {
                    await self.renew(lease)
                    self.state.withLock { $0.renewing -= 1 }
                }
            }
        }
    }

    private func renew(_ lease: UInt64) async {
        do throws(EtcdError) {
            if try await !keepAlive(lease) {
                logger.warning("the lease is over")
                stirred.continuation.yield()
            }
        } catch {
            guard !Task.isCancelled else { return }
            let now = now
            guard let times = state.withLock({ $0.failedRenewals.note(at: now) }) else { return }
            logger.warning("the lease was not renewed", metadata: ["reason": "\(error)", "times": "\(times)"])
        }
    }

    /// Reads everything, then follows the changes; goes on where a watch ended, unless etcd has forgotten that.
    private func watch() async {
        var next: UInt64?
        var failures = Seldom()
        while !Task.isCancelled {
            do throws(EtcdError) {
                if let from = next {
                    try await follow(from: from) {
                        next = $0
                        failures.end()
                    }
                } else {
                    next = try await readAll() + 1
                }
            } catch .compacted {
                next = nil
            } catch {
                if !Task.isCancelled, let times = failures.note(at: now) {
                    logger.info("watching etcd again", metadata: ["reason": "\(error)", "times": "\(times)"])
                }
                try? await Task.sleep(for: Self.pause)
            }
        }
    }

    /// - Returns: the revision of what was read.
    private func readAll() async throws(EtcdError) -> UInt64 {
        let range = try await etcd.read(keys.all)
        note(range.rows.first { $0.key == Array(keys.leader.utf8) })
        if let map = range.rows.first(where: { $0.key == Array(keys.map.utf8) }) { tell(map) }
        stirred.continuation.yield()
        return range.revision
    }

    private func follow(from revision: UInt64, _ advance: (UInt64) -> Void) async throws(EtcdError) {
        var watch = try await etcd.watch(keys.all, from: revision)
        while true {
            let message = try await watch.next()
            for event in message.events { apply(event) }
            // Messages without events tell how far the watch is, so that a later one need not ask for what is gone.
            advance(max(message.revision, message.events.map(\.row.modified).max() ?? 0) + 1)
        }
    }

    private func apply(_ event: EtcdEvents.Event) {
        if event.row.key == Array(keys.leader.utf8) {
            note(event.isDeletion ? nil : event.row)
            stirred.continuation.yield()
        } else if event.row.key == Array(keys.map.utf8), !event.isDeletion {
            tell(event.row)
        }
    }

    private func tell(_ row: EtcdRow) {
        do throws(TopologyError) {
            channel.tell(try Self.stored(row))
        } catch {
            logger.error("the cluster map in etcd cannot be used", metadata: ["reason": "\(error)"])
        }
    }
}
