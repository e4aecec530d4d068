/// The shape of one simulated world, drawn from its seed: how many of everything and how bad it gets.
public struct SimulationOptions: Sendable {
    /// Shard nodes.
    public var shards: Int
    /// Copies of each shard.
    public var replicas = 1
    /// Replicas that must be in sync before a write is accepted.
    public var minimumInSync = 1
    /// How often in a thousand crashes the disk is lost as well, where another replica has everything.
    public var wipes = 0
    /// How often in a thousand crashes the node finds its disk damaged besides; above 0 one that loses its disk may be
    /// away for a while, too.
    public var rots = 0
    /// People who are sent.
    public var humans: Int
    /// Clients that send at the same time.
    public var clients: Int
    /// Writes of each client.
    public var writes: Int
    /// The weather on every link while the storm lasts.
    public var weather: SimulatedLink.Weather
    /// Mean pause between two crashes in microseconds; 0 for none.
    public var crashPause: UInt64
    /// Most crashes of shard nodes: a cluster that is hit faster than it can answer would never come to an end.
    public var nodeCrashLimit = 150
    /// Most crashes of coordinators, for the same reason.
    public var coordinatorCrashLimit = 40
    /// How often in a thousand a client gives up waiting after a moment and sends again while the first request is
    /// still under way.
    public var impatience: Int
    /// Whether coordinators crash too.
    public var coordinatorCrashes: Bool
    /// Whether a crashed coordinator goes on writing for a while, not knowing that another leads.
    public var zombies: Bool
    /// Removals in a thousand writes.
    public var removals: Int
    /// Whether leaders hold leases by clocks that drift, with ways to the control plane that may be cut, and
    /// coordinators that pass on to the leader what they may not do themselves.
    public var leases = false
    /// Moves of slots that are begun while the storm lasts.
    public var moves: Int
    /// Shard nodes that own nothing at first.
    public var spares: Int
    /// Tasks that read while the storm lasts; the first of them follows the change feed.
    public var readers = 0

    /// Whether the rules let records be taken while a shard does not answer; then crashed nodes stay away for longer.
    public var takesUnsearched = false

    /// Groups of nodes: those that own slots at first, and the spare ones.
    var groups: Int { shards + spares }

    /// Draws a world.
    public init(drawing random: inout SimulationRandom) {
        self.init(single: &random)
        drawReaders(&random)
    }

    /// Half of the worlds are read while the storm lasts.
    private mutating func drawReaders(_ random: inout SimulationRandom) {
        readers = random.chance(500) ? 1 + Int(random.next(below: 3)) : 0
    }

    private init(single random: inout SimulationRandom) {
        shards = 1 + Int(random.next(below: 5))
        humans = 4 + Int(random.next(below: 20))
        clients = 1 + Int(random.next(below: 8))
        writes = 5 + Int(random.next(below: 40))
        weather = SimulatedLink.Weather()
        weather.delay = 50 + random.next(below: 2_000)
        if random.chance(600) { weather.lostRequest = Int(random.next(below: 40)) }
        if random.chance(600) { weather.lostAnswer = Int(random.next(below: 40)) }
        if random.chance(600) { weather.repeated = Int(random.next(below: 60)) }
        if random.chance(500) { weather.heldUp = Int(random.next(below: 60)) }
        crashPause = random.chance(700) ? 5_000 + random.next(below: 200_000) : 0
        coordinatorCrashes = random.chance(600)
        zombies = random.chance(500)
        removals = random.chance(500) ? 100 : 0
        impatience = random.chance(500) ? Int(random.next(below: 300)) : 0
        leases = random.chance(500)
        // Whoever gives up and says something newer to another coordinator is served in no order: the two messages
        // travel on ways of their own. Such a client names the version that it means to replace.
        if leases { impatience = 0 }
        spares = random.chance(500) ? 1 + Int(random.next(below: 2)) : 0
        moves = random.chance(700) && shards + spares > 1 ? 1 + Int(random.next(below: 5)) : 0
    }

    /// Draws the world of a seed.
    public init(seed: UInt64) {
        var random = SimulationRandom(seed: seed)
        var drawing = random.split()
        self.init(drawing: &drawing)
    }

    /// Draws a world of replicated shards from a seed.
    public init(seed: UInt64, replicas: Int) {
        var random = SimulationRandom(seed: seed &+ 0x5265_706C)
        self.init(drawing: &random, replicas: replicas)
    }

    /// Draws a world of replicated shards.
    ///
    /// - Parameters:
    ///   - random: what it is drawn from.
    ///   - replicas: copies of each shard.
    public init(drawing random: inout SimulationRandom, replicas: Int) {
        self.init(single: &random)
        self.replicas = replicas
        shards = 1 + Int(random.next(below: 3))
        // One in four worlds stops writing while a replica is away.
        minimumInSync = random.chance(250) ? min(2, replicas) : 1
        wipes = random.chance(700) ? 100 + Int(random.next(below: 400)) : 0
        crashPause = 5_000 + random.next(below: 400_000)
        nodeCrashLimit = 40
        spares = random.chance(400) ? 1 : 0
        moves = random.chance(500) && shards + spares > 1 ? 1 + Int(random.next(below: 3)) : 0
        drawReaders(&random)
        rots = random.chance(300) ? 100 + Int(random.next(below: 300)) : 0
    }

    /// The same world without moves, spare nodes, readers and rot: as it was drawn before there were any of them.
    public var plain: SimulationOptions {
        var plain = self
        (plain.spares, plain.moves, plain.readers, plain.rots) = (0, 0, 0, 0)
        return plain
    }
}
