import Identifiers
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
    let mover: SlotMover
    let keeper: Keeper
    let ruleKeeper: RuleKeeper
    private let path: WritePath
    private let unsearched: UnsearchedKeeper
    private let commit: Commit
    private let queue: WriteQueue
    private let limits: CoordinatorLimits
    private let clock: any CoordinatorClock
    private let holds: @Sendable () -> Bool

    /// How often it is looked whether the lease still holds while nothing is written.
    private static let leaseCheck: Duration = .milliseconds(200)

    /// Begins a term: settles the map, fences, recovers and installs the rules.
    static func begin(
        fanOut: FanOut,
        control: any ControlPlaneClient,
        epoch: Epoch,
        configured: RuleSet,
        queue: WriteQueue,
        tools: KeepingTools,
        limits: CoordinatorLimits,
        clock: any CoordinatorClock,
        planted: Set<PlantedFault>,
        lease: @escaping @Sendable () -> Bool
    ) async throws(ShardError) -> LeaderTerm {
        let ignoresLease = planted.contains(.ignoreLease)
        let holds: @Sendable () -> Bool = { ignoresLease || lease() }
        let leased: @Sendable (any ShardClient) -> any ShardClient = {
            LeasedShard(shard: $0, epoch: epoch, holds: holds)
        }
        let routing = try await settle(fanOut.table, control, epoch, planted, leased)
        let report = try await Recovery(epoch: epoch, routing: routing, planted: planted).run()
        let book = try await book(fanOut, configured)
        let lanes = CommitLanes { CommitLane(client: leased($0), epoch: epoch, limits: limits, clock: clock) }
        try await open(lanes, to: routing, report, fanOut.rules)
        let (plan, last) = (fanOut.force.plan, report.last)
        let sequencer = LeaderSequencer(
            Sequencer(plan: plan, after: last, stewards: limits.stewards, planted: planted)
        )
        let commit = Commit(table: fanOut.table, lanes: lanes, after: report.last, planted: planted)
        let mover = mover(fanOut, commit, control, epoch, leased, limits, clock, planted)
        let keeper = Keeper(fanOut: fanOut, commit: commit, epoch: epoch, tools: tools, limits, clock)
        let desk = TrialDesk()
        let (intake, unsearched) = try await unsearched(fanOut, sequencer, commit, queue, limits, clock, planted)
        let path = WritePath(
            fanOut: fanOut,
            sequencer: sequencer,
            commit: commit,
            queue: queue,
            clock: clock,
            comparesVersions: limits.stewards.overlay != nil,
            reading: tools.reading,
            desk: desk,
            intake: intake,
            planted: planted
        )
        let ruleKeeper = RuleKeeper(
            book: book,
            configured: configured,
            fanOut: fanOut,
            sequencer: sequencer,
            queue: queue,
            desk: desk,
            tools: tools,
            limits,
            clock
        )
        return LeaderTerm(
            epoch: epoch,
            report: report,
            sequencer: sequencer,
            mover: mover,
            keeper: keeper,
            ruleKeeper: ruleKeeper,
            path: path,
            unsearched: unsearched,
            commit: commit,
            queue: queue,
            limits: limits,
            clock: clock,
            holds: holds
        )
    }

    /// What takes records while a shard does not answer, and what searches for them later.
    private static func unsearched(
        _ fanOut: FanOut,
        _ sequencer: LeaderSequencer,
        _ commit: Commit,
        _ queue: WriteQueue,
        _ limits: CoordinatorLimits,
        _ clock: any CoordinatorClock,
        _ planted: Set<PlantedFault>
    ) async throws(ShardError) -> (UnsearchedIntake, UnsearchedKeeper) {
        // Whatever is said of a record that waits comes after it, so all of them are known before anything is decided.
        if fanOut.rules.takesUnsearched { sequencer.load(unsearched: try await UnsearchedKeeper.waiting(fanOut)) }
        let silent = SilentShards(fanOut: fanOut, clock: clock, deadline: limits.statusDeadline)
        let intake = UnsearchedIntake(
            fanOut: fanOut,
            sequencer: sequencer,
            commit: commit,
            clock: clock,
            silent: silent,
            planted: planted
        )
        let keeper = UnsearchedKeeper(
            fanOut: fanOut,
            sequencer: sequencer,
            queue: queue,
            clock: clock,
            pause: limits.unsearchedPause,
            silent: silent,
            planted: planted
        )
        return (intake, keeper)
    }

    private static func mover(
        _ fanOut: FanOut,
        _ commit: Commit,
        _ control: any ControlPlaneClient,
        _ epoch: Epoch,
        _ leased: @escaping @Sendable (any ShardClient) -> any ShardClient,
        _ limits: CoordinatorLimits,
        _ clock: any CoordinatorClock,
        _ planted: Set<PlantedFault>
    ) -> SlotMover {
        SlotMover(
            fanOut: fanOut,
            commit: commit,
            control: control,
            epoch: epoch,
            leased: leased,
            limits: limits,
            clock: clock,
            planted: planted
        )
    }

    /// Gives every shard the rules and a lane.
    private static func open(
        _ lanes: CommitLanes,
        to routing: Routing,
        _ report: Recovery.Report,
        _ rules: RuleSet
    ) async throws(ShardError) {
        let encoded = rules.encoded()
        for shard in routing.activeGroups {
            let client = try routing.client(shard)
            guard try await client.install(rules: encoded) == rules.version else {
                throw .badRequest("a shard reads the rule set differently: the programs do not fit together")
            }
            lanes.open(shard, client, from: report.marks[shard] ?? Recovery.Mark(through: report.last))
        }
    }

    /// Reads by what rules records are decided, and brings that into force; after recovery, which may complete it.
    private static func book(_ fanOut: FanOut, _ configured: RuleSet) async throws(ShardError) -> RuleBook {
        let shelf = RuleShelf(fanOut: fanOut)
        do throws(RegistryError) {
            let book = try await shelf.book()
            fanOut.force.install(try await shelf.plan(book, configured: configured))
            return book
        } catch {
            throw .unavailable(error.text)
        }
    }

    /// How often somebody else may change the map while a term begins.
    private static let settleAttempts = 16

    /// Takes the map over: counts its version up, so that what an older leader wants to change in it is refused.
    ///
    /// It must be the map that is recovered by. Shards are fenced before, so that the older leader, which proves to
    /// itself that it still leads before it changes the map, does not believe so any more.
    private static func settle(
        _ table: RoutingTable,
        _ control: any ControlPlaneClient,
        _ epoch: Epoch,
        _ planted: Set<PlantedFault>,
        _ leased: (any ShardClient) -> any ShardClient
    ) async throws(ShardError) -> Routing {
        for _ in 0..<settleAttempts {
            do throws(TopologyError) {
                let stored = try await current(table, control)
                table.install(stored)
                if planted.contains(.skipFence) { return Routing(stored, clients: table.current.clients) }
                let fenced = Routing(stored, clients: table.current.clients.map { $0.map(leased) })
                do throws(ShardError) {
                    for shard in fenced.activeGroups { _ = try await fenced.client(shard).fence(epoch) }
                } catch {
                    throw TopologyError.unavailable(WritePath.words(error))
                }
                let map = try stored.map.changing { _ in }
                let revision = try await control.replace(map, expecting: stored.revision)
                table.install(StoredMap(map: map, revision: revision))
                return Routing(StoredMap(map: map, revision: revision), clients: fenced.clients)
            } catch .conflict {
                continue
            } catch {
                throw .unavailable(error.description)
            }
        }
        throw .unavailable("the cluster map changes faster than a term can begin")
    }

    /// The map of the control plane; what this node was started with becomes it where there is none.
    private static func current(
        _ table: RoutingTable,
        _ control: any ControlPlaneClient
    ) async throws(TopologyError) -> StoredMap {
        do throws(TopologyError) {
            return try await control.clusterMap()
        } catch .missing {
            let map = table.current.map
            return StoredMap(map: map, revision: try await control.replace(map, expecting: 0))
        }
    }

    /// Lets writes in: before anybody hears that this node leads, so that none is sent here and refused.
    func open() { queue.open() }

    /// Takes writes until something ends the term or the task is cancelled.
    ///
    /// - Returns: why it ended; `nil` when it was asked to.
    func run() async -> ShardError? {
        let reason = await withTaskGroup(of: ShardError?.self) { group in
            group.addTask { await Self.outcome { () throws(ShardError) in try await commit.lanes.run() } }
            group.addTask { await Self.outcome { () throws(ShardError) in try await mover.run() } }
            group.addTask {
                await keeper.run()
                return nil
            }
            group.addTask {
                await ruleKeeper.run()
                return nil
            }
            group.addTask {
                await ruleKeeper.tryCandidates()
                return nil
            }
            group.addTask {
                await ruleKeeper.countValues()
                return nil
            }
            group.addTask {
                await unsearched.run()
                return nil
            }
            for _ in 0..<limits.batchesBesideSilence {
                group.addTask {
                    await Self.outcome { () throws(ShardError) in
                        try await path.runBesideSilence(limits.unsearchedPause)
                    }
                }
            }
            for _ in 0..<limits.batchesInFlight {
                group.addTask { await Self.outcome { () throws(ShardError) in try await path.run() } }
            }
            group.addTask {
                while !Task.isCancelled {
                    guard holds() else { return .staleEpoch(highest: epoch) }
                    queue.relieve()
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
