/// The requests of a run, each computed from its number: no list is held, and a run can be repeated.
///
///     let plan = ScenarioPlan(.mixed, population: population, loaded: 1_000_000, seed: 3)
///     let result = await loop.run { index in try await client.send(builder.request(for: plan.step(index))) }
public struct ScenarioPlan: Sendable {
    /// What is done.
    public let scenario: Scenario
    /// Whose records are sent and asked for.
    public let population: PopulationGenerator
    /// How many records of the population, from the first, the registry holds already.
    public let loaded: Int
    private let seed: UInt64

    /// Plans requests.
    ///
    /// - Parameters:
    ///   - scenario: what is done.
    ///   - population: whose records are sent and asked for; larger than `loaded` where new records are sent.
    ///   - loaded: how many records, from the first, the registry holds already; at least one for questions.
    ///   - seed: equal seeds ask equal questions.
    public init(_ scenario: Scenario, population: PopulationGenerator, loaded: Int, seed: UInt64) {
        precondition(loaded >= 0 && loaded <= population.count, "the registry cannot hold more than there is")
        precondition(scenario == .ingest || loaded > 0, "questions need loaded records")
        precondition(
            scenario == .match || scenario == .lookup || loaded < population.count,
            "new records need a population larger than what is loaded"
        )
        self.scenario = scenario
        self.population = population
        self.loaded = loaded
        self.seed = seed
    }

    /// The request of a number.
    ///
    /// New records start over, as updates, when the population is used up.
    public func step(_ index: Int) -> Scenario.Step {
        var random = SeededRandom(seed: seed, .scenario, index)
        switch scenario {
        case .ingest: return .ingest(newRecord(index))
        case .match: return .match(knownRecord(&random))
        case .lookup: return .lookup(knownRecord(&random))
        case .mixed:
            // Two of any ten consecutive requests are new records, so that none is sent twice.
            if index % 5 == 0 { return .ingest(newRecord(index / 5)) }
            return random.below(8) < 3 ? .match(knownRecord(&random)) : .lookup(knownRecord(&random))
        }
    }

    private func newRecord(_ number: Int) -> SyntheticRecord {
        population[loaded + number % (population.count - loaded)]
    }

    private func knownRecord(_ random: inout SeededRandom) -> SyntheticRecord {
        population[random.below(loaded)]
    }
}
