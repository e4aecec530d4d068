internal import ArgumentParser
internal import LoadTest

/// What all load tests are told.
struct BenchOptions: ParsableArguments {
    @OptionGroup var wire: WireOptions

    @Option(help: ArgumentHelp("Requests a second, whether or not earlier ones were answered.", valueName: "n"))
    var rate: Double?

    @Option(help: ArgumentHelp("Seconds that are counted.", valueName: "s"))
    var duration = 30

    @Option(help: ArgumentHelp("Seconds before that, not counted.", valueName: "s"))
    var warmUp = 2

    @Option(help: ArgumentHelp("Connections to the registry, 1 to 256.", valueName: "n"))
    var connections = 8

    @Option(
        help: ArgumentHelp(
            "Records of the population, from the first, that the registry holds (default: all).",
            valueName: "n"
        )
    )
    var loaded: Int?

    @Option(
        help: ArgumentHelp(
            "Ask for the records of this file, CSV or NDJSON, instead of a population's.",
            valueName: "file"
        )
    )
    var file: String?

    @Flag(help: "Requests come by chance (a Poisson process) instead of evenly.")
    var poisson = false

    @OptionGroup var output: BenchOutput

    @OptionGroup var people: PopulationOptions

    func validate() throws {
        if let rate, !(1...RateProfile.rateLimit).contains(rate) {
            throw ValidationError("--rate takes 1 to \(Int(RateProfile.rateLimit))")
        }
        guard (1...86_400).contains(duration), (0...3_600).contains(warmUp) else {
            throw ValidationError("--duration takes 1 to 86400 seconds, --warm-up 0 to 3600")
        }
        guard (1...256).contains(connections) else { throw ValidationError("--connections takes 1 to 256") }
        guard loaded ?? 1 > 0 else { throw ValidationError("--loaded takes the number of records, from 1") }
    }

    /// The scenario that the options describe: a warm-up, and one phase.
    ///
    /// - Parameters:
    ///   - name: what it and its phase are called.
    ///   - mix: the requests.
    ///   - standardRate: requests a second where the options name none.
    /// - Returns: the scenario.
    func scenario(_ name: String, _ mix: RequestMix, standardRate: Double) -> BenchScenario {
        let rate = rate ?? standardRate
        let pattern: ArrivalSchedule.Pattern = poisson ? .poisson : .steady
        var phases: [LoadPhase] = []
        for (title, seconds, isCounted) in [("warm-up", warmUp, false), (name, duration, true)] where seconds > 0 {
            let profile = RateProfile.constant(rate, seconds: Double(seconds))
            phases.append(LoadPhase(name: title, isCounted: isCounted, pace: .open(profile, pattern), mix: mix))
        }
        var scenario = BenchScenario(name: name, phases: phases)
        scenario.seed = people.seed
        scenario.population = people.population
        scenario.loaded = loaded
        scenario.file = file
        scenario.connections = connections
        return scenario
    }

    /// Carries it out and reports.
    func measure(_ name: String, _ mix: RequestMix, standardRate: Double) async throws {
        let scenario = scenario(name, mix, standardRate: standardRate)
        let measured = try await BenchRun(scenario, wire, isQuiet: output.json).run()
        try output.write(measured.record, measured.phases)
    }
}
