internal import LoadTest

/// What a load test does, as a file or options say it.
struct BenchScenario: Sendable {
    /// A registry that grows: it is filled to each size, and the phases are carried out there.
    struct Growth: Sendable, Equatable {
        /// Records, rising.
        var sizes: [Int]
        /// Records that travel together while it is filled.
        var batch = 500
        /// Such trains under way at once.
        var concurrency = 8
    }

    /// What it is called.
    var name: String
    /// What chance is made from.
    var seed: UInt64 = 1
    /// The people that are asked for.
    var population = PopulationGenerator(people: 750_000, seed: 1, duplicates: 250)
    /// Records of the population, from the first, that the registry holds; `nil` for all.
    var loaded: Int?
    /// A file of records in place of a population.
    var file: String?
    /// Connections to the server.
    var connections = 8
    /// Most requests outstanding at once.
    var outstanding = 4_096
    /// Records of a request of the kind `bulk`.
    var batch = 100
    /// What is done.
    var phases: [LoadPhase]
    /// At which sizes.
    var growth: Growth?

    /// The kinds that it has.
    var kinds: Set<RequestKind> { Set(phases.flatMap(\.mix.kinds)) }

    /// The phases with the records of the registry before each round, in the order in which they are carried out.
    ///
    /// Where a registry grows, each round begins with a phase that fills it.
    func rounds() -> [(fill: Range<Int>?, phases: [LoadPhase])] {
        guard let growth else { return [(nil, phases)] }
        var held = loaded ?? 0
        return growth.sizes.map { size in
            let range = min(held, size)..<size
            held = max(held, size)
            let named = phases.map { phase in
                var phase = phase
                phase.name = "\(phase.name) at \(Quantity.count(size))"
                return phase
            }
            return (range, named)
        }
    }
}
