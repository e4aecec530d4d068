internal import ArgumentParser

/// `tessera bench`: invented populations and load tests.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Invents populations and measures a registry under load.",
        discussion: """
            A load test asks a registry that holds a population, so that its answers are real:

              tessera bench generate --people 750000 --seed 1 --output population.csv
              tessera load population.csv
              tessera bench match --people 750000 --seed 1 --rate 500 --duration 60 --output before
              tessera bench run Benchmarks/Scenarios/day.yaml --output day
              tessera bench compare before after
            """,
        subcommands: [
            BenchGenerateCommand.self, BenchIngestCommand.self, BenchMatchCommand.self, BenchLookupCommand.self,
            BenchMixedCommand.self, BenchRunCommand.self, BenchRequestsCommand.self, BenchCompareCommand.self,
        ]
    )
}
