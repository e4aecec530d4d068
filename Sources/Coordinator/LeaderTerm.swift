import Identifiers
import Identity
import Matching
import ShardProtocol
import Topology

/// One reign of this node: everything that exists only while it leads.
///
/// A term begins with recovery and ends with the first error that no repetition can mend (a newer leader, a full
/// disk, a broken store); what was not acknowledged then is settled by the recovery of the next term.
struct LeaderTerm: Sendable {
    let epoch: Epoch
    let report: Recovery.Report
    let sequencer: LeaderSequencer
    private let path: WritePath
    private let commit: Commit
    private let queue: WriteQueue
    private let limits: CoordinatorLimits
    private let clock: any CoordinatorClock
    private let holds: @Sendable () -> Bool

    /// How often it is looked whether the lease still holds while nothing is written.
    private static let leaseCheck: Duration = .milliseconds(200)

    /// Begins a term: fences, recovers and installs the rules.
    static func begin(
        fanOut: FanOut,
        epoch: Epoch,
        engine: IdentityEngine,
        queue: WriteQueue,
        limits: CoordinatorLimits,
        clock: any CoordinatorClock,
        planted: Set<PlantedFault>,
        lease: @escaping @Sendable () -> Bool
    ) async throws(ShardError) -> LeaderTerm {
        let ignoresLease = planted.contains(.ignoreLease)
        let holds: @Sendable () -> Bool = { ignoresLease || lease() }
        let clients = fanOut.clients.map { LeasedShard(shard: $0, epoch: epoch, holds: holds) }
        let report = try await Recovery(epoch: epoch, slots: fanOut.slots, clients: clients, planted: planted)
            .run()
        let encoded = fanOut.rules.encoded()
        for client in clients {
            guard try await client.install(rules: encoded) == fanOut.rules.version else {
                throw .badRequest("a shard reads the rule set differently: the programs do not fit together")
            }
        }
        let lanes = clients.map { CommitLane(client: $0, epoch: epoch, limits: limits, clock: clock) }
        let sequencer = LeaderSequencer(
            Sequencer(rules: fanOut.rules, engine: engine, after: report.last, planted: planted)
        )
        let commit = Commit(slots: fanOut.slots, lanes: lanes, planted: planted)
        let path = WritePath(
            fanOut: fanOut,
            sequencer: sequencer,
            commit: commit,
            queue: queue,
            clock: clock,
            planted: planted
        )
        return LeaderTerm(
            epoch: epoch,
            report: report,
            sequencer: sequencer,
            path: path,
            commit: commit,
            queue: queue,
            limits: limits,
            clock: clock,
            holds: holds
        )
    }

    /// Takes writes until something ends the term or the task is cancelled.
    ///
    /// - Returns: why it ended; `nil` when it was asked to.
    func run() async -> ShardError? {
        queue.open()
        let reason = await withTaskGroup(of: ShardError?.self) { group in
            for (lane, mark) in zip(commit.lanes, report.marks) {
                group.addTask { await Self.outcome { () throws(ShardError) in try await lane.run(from: mark) } }
            }
            for _ in 0..<limits.batchesInFlight {
                group.addTask { await Self.outcome { () throws(ShardError) in try await path.run() } }
            }
            group.addTask {
                while !Task.isCancelled {
                    guard holds() else { return .staleEpoch(highest: epoch) }
                    await clock.sleep(Self.leaseCheck)
                }
                return nil
            }
            group.addTask {
                while !Task.isCancelled {
                    await clock.sleep(.seconds(1))
                    queue.expire(now: clock.milliseconds())
                }
                return nil
            }
            let first = await group.next() ?? nil
            commit.end(first ?? .unavailable("this node is stopping"))
            queue.close(first.map(WritePath.words) ?? "this node is stopping")
            group.cancelAll()
            return first
        }
        return reason
    }

    private static func outcome(_ body: () async throws(ShardError) -> Void) async -> ShardError? {
        do throws(ShardError) {
            try await body()
            return nil
        } catch {
            return error
        }
    }
}
