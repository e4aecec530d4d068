internal import ArgumentParser
internal import LoadTest

/// Which invented population is meant: equal options give equal records, on every machine.
struct PopulationOptions: ParsableArguments {
    @Option(help: ArgumentHelp("People of the population.", valueName: "n"))
    var people = 750_000

    @Option(help: ArgumentHelp("What the population is made from.", valueName: "s"))
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("Further records of known people, in a thousand records.", valueName: "n"))
    var duplicates = 250

    func validate() throws {
        guard people > 0, people <= PopulationGenerator.peopleLimit else {
            throw ValidationError("--people takes 1 to \(PopulationGenerator.peopleLimit)")
        }
        guard (0...PopulationGenerator.duplicatesLimit).contains(duplicates) else {
            throw ValidationError("--duplicates takes 0 to \(PopulationGenerator.duplicatesLimit)")
        }
    }

    /// The population.
    var population: PopulationGenerator {
        PopulationGenerator(people: people, seed: seed, duplicates: duplicates)
    }
}
