internal import ArgumentParser
internal import JSON
internal import LoadTest
internal import Transport

/// `tessera bench requests`: what a scenario would send.
struct BenchRequestsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "requests",
        abstract: "Prints the first requests of a scenario, a JSON object a line, without sending them.",
        discussion: "For other load generators, so that they can send the same."
    )

    @Argument(help: ArgumentHelp("The scenario.", valueName: "file"))
    var scenario: String

    @Option(help: ArgumentHelp("So many of the last phase.", valueName: "n"))
    var take = 1

    @OptionGroup var wire: WireOptions

    func run() async throws {
        let scenario = try ScenarioFile.read(path: scenario)
        let target = try wire.resolved()
        let records = try BenchRecords.read(scenario)
        let requests = BenchRequests(target, records: records, seed: scenario.seed, batch: scenario.batch, run: "run")
        guard let phase = scenario.phases.last else { return }
        for index in 0..<max(0, take) {
            let kind = phase.mix.kind(of: index, seed: scenario.seed)
            let request = requests.request(
                LoadRequest(index: index, kind: kind, ordinal: index),
                held: records.loaded
            )
            Report.json([
                "method": .string(request.method), "url": .string(target.server.description + request.path),
                "headers": .array(request.headers.map { JSONValue.string("\($0.name): \($0.value)") }),
                "body": .string(String(decoding: request.body, as: UTF8.self)),
            ])
        }
    }
}
