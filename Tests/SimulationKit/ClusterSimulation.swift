package import Coordinator
import Demographics
import Identifiers
package import Matching
package import Replication
import Locks
import ShardProtocol
import Topology

/// A whole cluster in one thread: coordinators, shards, links and clients under one seed.
///
/// First a storm in which everything may fail that is promised to be survived; then everything heals and the
/// checkers compare what is stored with what was promised.
public final class ClusterSimulation: Sendable {
    /// What became of a seed.
    public struct Report: Sendable {
        /// The seed.
        public var seed: UInt64
        /// The world that was drawn.
        public var options: SimulationOptions
        /// Records promised to clients.
        public var promised = 0
        /// Writes that were taken before they could be searched for.
        public var unsearched = 0
        /// Crashes that happened.
        public var crashes = 0
        /// Jobs that ran: the same for the same seed.
        public var steps = 0
        /// What the checkers found; empty when all is well.
        public var violations: [String] = []
    }

    /// Makes a shard node.
    public typealias NodeMaker = @Sendable (_ shard: Int, _ seed: UInt64) -> any SimulatedNode

    private let seed: UInt64
    private let options: SimulationOptions
    private let rules: RuleSet
    private let planted: Set<PlantedFault>
    private let plantedInGroups: Set<ReplicationFault>
    private let time = VirtualTime()
    private let background = BackgroundWork()
    private let story: SimulationStory
    private let firstMap: ClusterMap
    private let control: SimulatedControl
    private let moving: SimulatedMoves
    private let election: SimulatedElection
    private let peers: SimulatedPeers
    private let made = Mutex(0)
    private let nodes: [any SimulatedNode]
    private let links: [SimulatedLink]
    private let acknowledged = AcknowledgedWrites()
    private let operations = OperationLog()
    private let follower = FeedFollower()
    private let staleness: StalenessChecker?
    private let crashes = Mutex(0)
    private let storm = Mutex(true)
    private let random: Mutex<SimulationRandom>
    private let rotting: Mutex<SimulationRandom>

    /// Draws a world.
    ///
    /// - Parameters:
    ///   - seed: decides everything.
    ///   - rules: what records are compared by.
    ///   - options: a world of a given shape instead of a drawn one.
    ///   - planted: faults that the checkers ought to notice.
    ///   - plantedInGroups: such faults in groups of replicas.
    ///   - makeNode: makes the shard nodes; dumb twins by default.
    ///   - story: hears what happens, a line each.
    package init(
        seed: UInt64,
        rules: RuleSet,
        options: SimulationOptions? = nil,
        planted: Set<PlantedFault> = [],
        plantedInGroups: Set<ReplicationFault> = [],
        makeNode: NodeMaker = { _, _ in TwinNode() },
        story: @escaping SimulationStory.Listener = { _ in }
    ) {
        self.planted = planted
        self.plantedInGroups = plantedInGroups
        let told = SimulationStory(time: time, listener: story)
        self.story = told
        var random = SimulationRandom(seed: seed)
        var drawing = random.split()
        var options = options ?? SimulationOptions(drawing: &drawing)
        // Chances of its own leave the rest of a seed's world as it is.
        var taking = SimulationRandom(seed: seed ^ 0x756E_7365)
        if taking.chance(300) { options.takesUnsearched = true }
        self.seed = seed
        self.options = options
        self.rules = options.takesUnsearched ? (try? rules.takingUnsearched()) ?? rules : rules
        nodes = (0..<(options.groups * options.replicas)).map { makeNode($0 / options.replicas, random.next()) }
        firstMap = ReplicatedWorld.map(options) ?? SimulatedMoves.firstMap(options)
        control = SimulatedControl(seed: firstMap) { told.map($0.map) }
        moving = SimulatedMoves(options, control: control, time: time, seed: seed ^ 0x6D6F_7665)
        var links: [SimulatedLink] = []
        for node in nodes {
            links.append(
                SimulatedLink(
                    to: node,
                    time: time,
                    background: background,
                    seed: random.next(),
                    weather: options.weather
                )
            )
        }
        self.links = links
        staleness = options.replicas > 1 && options.leases ? StalenessChecker(time: time) : nil
        election = SimulatedElection(time: time)
        peers = SimulatedPeers(time: time, seed: seed ^ 0x1234_5678)
        self.random = Mutex(random)
        rotting = Mutex(SimulationRandom(seed: seed ^ 0x726F_7421))
    }

    /// Runs the world to its end.
    ///
    /// - Parameter stepLimit: jobs after which the world counts as stuck.
    /// - Returns: what was found.
    public func run(stepLimit: Int = 5_000_000) -> Report {
        var report = Report(seed: seed, options: options)
        let executor = SteppingExecutor(seed: seed ^ 0x5851_F42D)
        let result = Mutex<[String]?>(nil)
        Task(executorPreference: executor) {
            let violations = await self.live()
            result.withLock { $0 = violations }
        }
        while true {
            report.steps += executor.drain()
            if let damage = nodes.lazy.compactMap(\.damage).first {
                report.violations = [damage]
                break
            }
            if let violations = result.withLock({ $0 }) {
                report.violations = violations
                break
            }
            guard report.steps < stepLimit, time.advance() else {
                report.violations = ["the cluster is stuck after \(report.steps) steps at \(time.now) us"]
                break
            }
        }
        report.promised = acknowledged.promises.count
        report.unsearched = acknowledged.unsearched
        report.crashes = crashes.withLock { $0 }
        return report
    }

    private func draw(_ bound: UInt64) -> UInt64 { random.withLock { $0.next(below: bound) } }

    /// A coordinator, what it means to kill it, its own view of who leads, and its groups where shards are replicated.
    private struct Node {
        var registry: Registry
        var life: CoordinatorLife
        var candidate: SimulatedCandidate?
        var groups: [ReplicatedShard] = []
    }

    private func makeCoordinator() -> Node {
        let life = CoordinatorLife(commits: doom())
        let number = made.withLock { made in
            made += 1
            return made
        }
        let name = "coordinator-\(number)"
        let (time, election) = (time, options.leases ? election : nil)
        let ports = links.map { CoordinatorPort($0, of: life, time: time, election: election) }
        guard let election else {
            let (shards, groups) = self.shards(ports, control, life, name)
            return Node(registry: makeRegistry(name, shards, control), life: life, groups: groups)
        }
        let candidate = SimulatedCandidate(name: name, election: election, map: control, time: time, seed: draw(.max))
        let (shards, groups) = self.shards(ports, candidate, life, name)
        let registry = makeRegistry(name, shards, candidate, link: peers)
        peers.add(name, registry, life: life)
        return Node(registry: registry, life: life, candidate: candidate, groups: groups)
    }

    /// A coordinator's shards, and which of them are groups of replicas.
    private func shards(
        _ ports: [CoordinatorPort],
        _ control: any ControlPlaneClient,
        _ life: CoordinatorLife,
        _ name: String
    ) -> (shards: [any ShardClient], groups: [ReplicatedShard]) {
        guard options.replicas > 1 else { return (ports, []) }
        let own = ControlPort(control, of: life)
        let groups = ReplicatedWorld.groups(options, ports, own, time, plantedInGroups) { group, event in
            self.story.tell("\(name) \(group): \(event)")
        }
        return (groups, groups)
    }

    /// With how many commit messages sent a coordinator dies: a few fall into its recovery, more between the parts of a
    /// batch.
    private func doom() -> Int? {
        guard options.coordinatorCrashes, storming, draw(2) == 0 else { return nil }
        return Int(draw(3) == 0 ? draw(4) : draw(60))
    }

    private func makeRegistry(
        _ name: String,
        _ shards: [any ShardClient],
        _ control: any ControlPlaneClient,
        link: (any LeaderLink)? = nil
    ) -> Registry {
        var limits = CoordinatorLimits()
        limits.batchRecords = 1 + Int(draw(8))
        limits.batchesInFlight = 1 + Int(draw(4))
        limits.moveSlots = DigestRequest.slotLimit
        limits.movePause = .milliseconds(3)
        limits.shardDeadline = SimulatedLink.deadline
        limits.moveGrace = SimulatedLink.deadline * 3 + .milliseconds(100)
        return Registry(
            map: StoredMap(map: firstMap, revision: 0),
            connect: { shards[Int($0.id.rawValue)] },
            rules: rules,
            control: control,
            link: link,
            limits: limits,
            clock: time,
            planted: planted,
            observe: { self.story.tell("\(name): \($0)") }
        )
    }

    // MARK: Life

    private func live() async -> [String] {
        let first = makeCoordinator()
        let current = CurrentRegistry(first.registry, first.life, keepsFormer: options.leases)
        return await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.background.run() }
            group.addTask { await self.coordinators(current, first) }
            group.addTask { await self.crashNodes() }
            group.addTask { await self.moving.run { self.storming } }
            for reader in readers(current) { group.addTask { await reader.run { self.storming } } }
            await clients(current)
            story.tell("the storm is over")
            storm.withLock { $0 = false }
            for link in links {
                link.set(SimulatedLink.Weather())
                link.set(cut: false)
            }
            // Long enough for every held-up message, late repetition and crashed node to come back.
            await time.sleep(.seconds(60))
            for node in nodes {
                await node.calm()
                await node.restart()
            }
            if options.replicas > 1 { await quicken(current) }
            var violations = await moving.finish()
            if violations.isEmpty { violations = await check(current.current) }
            violations += await ReplicatedWorld.check(options, control, nodes)
            storm.withLock { $0 = false }
            group.cancelAll()
            background.close()
            stopped.withLock { $0 = true }
            return violations
        }
    }

    private let stopped = Mutex(false)

    /// Writes a little on every shard, so that a leader that was deposed in the quiet notices; then leaves replicas
    /// long enough to come back into sync.
    private func quicken(_ current: CurrentRegistry) async {
        for number in 0..<20 {
            try? await current.current.note("quicken \(number)", [1])
            await time.sleep(.seconds(2))
        }
        await time.sleep(.seconds(30))
    }

    /// Whoever reads while the storm lasts.
    private func readers(_ current: CurrentRegistry) -> [SimulatedReader] {
        (0..<options.readers).map { number in
            SimulatedReader(
                registry: current,
                time: time,
                operations: operations,
                // One subscriber has one cursor.
                follower: number == 0 ? follower : nil,
                staleness: staleness,
                readsRecords: options.replicas == 1 || staleness != nil,
                seed: draw(.max)
            )
        }
    }

    private func clients(_ current: CurrentRegistry) async {
        let population = random.withLock { SimulatedPopulation(count: options.humans, random: &$0) }
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<options.clients {
                let client = SimulatedClient(
                    number: number,
                    population: population,
                    registry: current,
                    time: time,
                    background: background,
                    acknowledged: acknowledged,
                    operations: operations,
                    staleness: staleness,
                    options: options,
                    seed: draw(.max)
                )
                group.addTask { await client.run() }
            }
        }
    }

    private var storming: Bool { storm.withLock { $0 } }

    /// Runs one coordinator after another; a crashed one ends at once or, as a zombie, some time later.
    private func coordinators(_ current: CurrentRegistry, _ first: Node) async {
        await withTaskGroup(of: Void.self) { group in
            var coordinator = first
            var lives = 0
            while true {
                lives += 1
                if lives > options.coordinatorCrashLimit { coordinator.life.spare() }
                let (running, its) = (coordinator, coordinator.life)
                let span = lives > options.coordinatorCrashLimit ? nil : span()
                group.addTask { await self.run(running, for: span) }
                await wait(for: its, atMost: span?.lead)
                if !storming { its.spare() }
                // The last one leads until the end, unless it was dead before it could be spared.
                if !storming, its.isAlive || Task.isCancelled { break }
                crashes.withLock { $0 += 1 }
                coordinator = makeCoordinator()
                current.replace(coordinator.registry, coordinator.life)
            }
        }
    }

    /// How long a coordinator leads, and for how long it goes on after another was started.
    private func span() -> (lead: UInt64, afterlife: UInt64)? {
        guard options.coordinatorCrashes, storming else { return nil }
        return (10_000 + draw(400_000), options.zombies ? draw(3_000_000) : 0)
    }

    /// Waits until a coordinator is dead, or has led for long enough, or the storm is over.
    private func wait(for life: CoordinatorLife, atMost lead: UInt64?) async {
        let began = time.now
        while life.isAlive, storming, lead.map({ time.now - began < $0 }) ?? true {
            await time.sleep(microseconds: 2_000)
        }
    }

    private func run(_ coordinator: Node, for span: (lead: UInt64, afterlife: UInt64)?) async {
        let life = coordinator.life
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await coordinator.registry.run() }
            for one in coordinator.groups { group.addTask { await one.run() } }
            if let candidate = coordinator.candidate {
                group.addTask { await candidate.run { life.isAlive } }
            }
            guard let span else {
                // Doomed or not: what was killed ends here.
                while storming, life.isAlive { await time.sleep(microseconds: 2_000) }
                if !life.isAlive { group.cancelAll() }
                return
            }
            await wait(for: life, atMost: span.lead)
            if storming {
                // Cut off from the control plane it must stop by itself; reached by it, it goes on leading.
                if let candidate = coordinator.candidate, draw(2) == 0 { candidate.set(cut: true) }
                if life.isAlive { await time.sleep(microseconds: span.afterlife) }
                life.kill()
            }
            if !life.isAlive { group.cancelAll() }
        }
    }

    private let wiped = WipedReplicas()

    private func crashNodes() async {
        guard options.crashPause > 0 else { return }
        for _ in 0..<options.nodeCrashLimit where !Task.isCancelled {
            await time.sleep(microseconds: draw(options.crashPause * 2) + 1)
            guard storming else { return }
            let victim = Int(draw(UInt64(nodes.count)))
            crashes.withLock { $0 += 1 }
            await rot(victim)
            if draw(4) == 0 {
                story.tell("node-\(victim) is cut off")
                links[victim].set(cut: true)
                await time.sleep(microseconds: draw(50_000))
                links[victim].set(cut: false)
                story.tell("node-\(victim) is reached again")
            } else if options.wipes > 0, draw(1_000) < options.wipes, await wiped.mayLose(victim, options, control) {
                story.tell("node-\(victim) loses its disk")
                await lose(victim)
            } else {
                story.tell("node-\(victim) crashes")
                await nodes[victim].crash()
                await time.sleep(microseconds: draw(options.takesUnsearched ? 2_000_000 : 100_000))
                await nodes[victim].restart()
                story.tell("node-\(victim) is back")
            }
        }
    }

    /// Damages a node's disk now and then; chances of their own leave the rest of a seed's world as it is.
    private func rot(_ victim: Int) async {
        guard options.rots > 0, rotting.withLock({ $0.next(below: 1_000) }) < options.rots else { return }
        story.tell("node-\(victim) finds its disk damaged")
        await nodes[victim].rot()
    }

    /// A disk is lost at once; the process is back at once too, or after a while in which other things happen.
    private func lose(_ victim: Int) async {
        await nodes[victim].wipe()
        let away = options.rots > 0 ? rotting.withLock { $0.next(below: 400_000) } : 0
        guard away > 100_000 else { return }
        await nodes[victim].crash()
        background.add {
            await self.time.sleep(microseconds: away)
            await self.nodes[victim].restart()
        }
    }

    // MARK: Check

    private func check(_ registry: Registry) async -> [String] {
        let overdue = election.violations + (staleness?.violations ?? [])
        guard overdue.isEmpty else { return overdue }
        let map = moving.map
        // Any replica will do: that they are equal is checked too.
        let heads = (0..<options.groups).map { links[$0 * options.replicas] }
        let slots = await SlotsChecker(shards: heads, map: map).check()
        return await slots
            + SimulationChecker(
                registry: registry,
                derived: DerivedRowsChecker(shards: heads, slots: SlotMap(map), rules: rules),
                acknowledged: acknowledged,
                operations: operations,
                follower: follower,
                rules: rules,
                time: time,
                mayRetire: options.removals > 0
            ).check()
    }
}
