import TestRandom
import Identifiers
import Identity
import Testing

/// Invariant 2 of the design: the partition is a function of the records, the rules and the decisions alone.
@Suite struct PartitionPropertyTests {
    static let policies = [
        IdentityPolicy(matchThreshold: .init(millibits: 9_000), reviewThreshold: .init(millibits: 4_000)),
        IdentityPolicy(
            matchThreshold: .init(millibits: 9_000),
            reviewThreshold: .init(millibits: 4_000),
            guards: .none
        ),
        IdentityPolicy(
            matchThreshold: .init(millibits: 9_000),
            reviewThreshold: .init(millibits: 4_000),
            guards: GuardPolicy(differentIdentifiers: .always, differentBirthOrder: .unless(margin: .zero)),
            sizeBound: 5,
            crowdedMargin: .init(millibits: 5_000)
        ),
        IdentityPolicy(
            matchThreshold: .init(millibits: 9_000),
            reviewThreshold: .init(millibits: 4_000),
            linkage: .average(absent: .init(millibits: 3_000))
        ),
        IdentityPolicy(
            matchThreshold: .init(millibits: 7_000),
            reviewThreshold: .init(millibits: 4_000),
            linkage: .average(
                absent: .init(millibits: 3_000),
                growth: [[.zero], [.init(millibits: -2_500), .init(millibits: 2_000)]]
            )
        ),
    ]

    @Test(arguments: 0..<150)
    func anyHistoryLeadsToTheNaivePartition(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let policy = Self.policies[Int(seed) % Self.policies.count]
        let count = 3 + generator.below(12)
        var world = RandomWorld(seed: seed, policy: policy, count: count, density: 5 + generator.below(50))
        var registry = RegistryModel(policy: policy)
        for _ in 0..<(20 + generator.below(60)) {
            var batch: [IdentityChange] = []
            for _ in 0...(generator.chance(30) ? generator.below(6) : 0) {
                let move = world.randomMove(&generator)
                batch.append(world.perform(move))
            }
            try registry.apply(batch)
            var naive = world.naive
            #expect(try registry.partition == naive.persons())
        }
    }

    @Test(arguments: 0..<80)
    func anyOrderAndGroupingGivesTheSamePartition(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed &+ 7_000)
        let policy = Self.policies[Int(seed) % Self.policies.count]
        var world = RandomWorld(seed: seed, policy: policy, count: 16, density: 5 + generator.below(40))
        for _ in 0..<60 { _ = world.perform(world.randomMove(&generator)) }
        var partitions: [[[RecordID]]] = []
        for grouping in [1, 3, 1_000] {
            var registry = RegistryModel(policy: policy)
            var rest = world.retold(&generator)[...]
            while !rest.isEmpty {
                try registry.apply(Array(rest.prefix(grouping)))
                rest = rest.dropFirst(grouping)
            }
            partitions.append(try registry.partition)
        }
        var naive = world.naive
        #expect(partitions[0] == naive.persons())
        #expect(partitions[1] == partitions[0])
        #expect(partitions[2] == partitions[0])
    }

    /// Records that resemble more others than are kept, so that edges are let go of on the way.
    @Test(arguments: 0..<120)
    func aCrowdIsPartedTheSameInAnyOrder(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed &+ 13_000)
        var policy = Self.policies[Int(seed) % Self.policies.count]
        policy.neighbourBound = 1 + generator.below(4)
        var world = RandomWorld(seed: seed, policy: policy, count: 20, density: 30 + generator.below(70))
        for _ in 0..<70 { _ = world.perform(world.randomMove(&generator)) }
        var naive = world.naive
        let persons = naive.persons()
        for grouping in [1, 1, 4, 1_000] {
            var registry = RegistryModel(policy: policy)
            var rest = world.retold(&generator)[...]
            while !rest.isEmpty {
                try registry.apply(Array(rest.prefix(grouping)))
                rest = rest.dropFirst(grouping)
            }
            #expect(try registry.partition == persons)
            let kept = try registry.components.flatMap(\.edges).map(\.pair).sorted()
            #expect(kept == naive.edges.map(\.pair).sorted())
        }
    }

    @Test(arguments: 0..<60)
    func membershipFollowsFromTheEventsAlone(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed &+ 9_000)
        let policy = Self.policies[0]
        var world = RandomWorld(seed: seed, policy: policy, count: 12, density: 25)
        var registry = RegistryModel(policy: policy)
        var replay = EventReplay()
        for _ in 0..<60 {
            let move = world.randomMove(&generator)
            try registry.apply([world.perform(move)])
            for event in registry.lastResolution.events {
                let bytes = event.encoded()
                let decoded = try bytes.withUnsafeBytes { try IdentityEvent(decoding: $0) }
                #expect(decoded == event)
                replay.apply(event)
            }
            for record in world.records {
                let golden = try registry.golden(record)
                #expect(replay.golden[record] == golden)
            }
            let persons = try registry.persons
            for person in persons {
                for retired in person.retired { #expect(replay.resolve(retired) == person.golden) }
            }
            let goldens = persons.flatMap { [$0.golden] + $0.retired }
            #expect(Set(goldens).count == goldens.count)
            #expect(Set(goldens).union(replay.ended) == replay.seen)
            for person in persons { #expect(person.retired.allSatisfy { $0.birth > person.golden.birth }) }
        }
    }

    @Test(arguments: 0..<40)
    func openQuestionsAreThoseRaisedAndNotSettled(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed &+ 11_000)
        let policy = Self.policies[Int(seed) % 2 * 2]
        var world = RandomWorld(seed: seed, policy: policy, count: 12, density: 30)
        var registry = RegistryModel(policy: policy)
        var open: [String: ReviewTask] = [:]
        for _ in 0..<60 {
            let move = world.randomMove(&generator)
            try registry.apply([world.perform(move)])
            for event in registry.lastResolution.events {
                if case .reviewRaised(let task) = event { open["\(task.pair)\(task.reason)"] = task }
                if case .reviewSettled(let task) = event { open["\(task.pair)\(task.reason)"] = nil }
            }
            let stored = try registry.components.flatMap(\.reviews).sorted()
            #expect(open.values.filter { $0.reason != .weightInReviewBand }.sorted() == stored)
            let asked = Set(open.values.filter { $0.reason == .weightInReviewBand }.map(\.pair))
            let persons = try registry.persons
            for edge in world.edges where edge.weight < policy.matchThreshold && world.decisions[edge.pair] == nil {
                let isOne = persons.contains { $0.members.contains(edge.pair.a) && $0.members.contains(edge.pair.b) }
                #expect(asked.contains(edge.pair) == !isOne)
            }
        }
    }
}
