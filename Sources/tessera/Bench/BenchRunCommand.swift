internal import ArgumentParser

/// `tessera bench run`: a scenario from a file.
struct BenchRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Carries out a scenario of a file: phases, bursts, mixtures, a registry that grows.",
        discussion: """
            A scenario is YAML or JSON; Benchmarks/Scenarios has one of each kind. Requests are due at moments that \
            are fixed before the run, and latencies count from those moments, whether or not the request could be \
            sent then. What could not be sent, since too many requests were outstanding, is counted as shed. A phase \
            with `concurrency: N` in place of `rate` keeps N requests under way for its `seconds`: it tells what the \
            server can do at most, and its latencies are of a server that is never asked more than that.
            """
    )

    @Argument(help: ArgumentHelp("The scenario.", valueName: "file"))
    var scenario: String

    @OptionGroup var wire: WireOptions

    @OptionGroup var output: BenchOutput

    func run() async throws {
        let scenario = try ScenarioFile.read(path: scenario)
        let measured = try await BenchRun(scenario, wire, isQuiet: output.json).run()
        try output.write(measured.record, measured.phases)
    }
}
