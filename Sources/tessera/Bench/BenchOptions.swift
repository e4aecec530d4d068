internal import ArgumentParser
internal import LoadTest

/// What all load tests are told.
struct BenchOptions: ParsableArguments {
    @Option(
        name: .customLong("to"),
        help: ArgumentHelp("The registry (default: TESSERA_URL, or http://127.0.0.1:8080).", valueName: "url"),
        transform: ServerURL.init(parsing:)
    )
    var server: ServerURL?

    @Option(help: ArgumentHelp("Requests a second, whether or not earlier ones were answered.", valueName: "n"))
    var rate: Int?

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

    @Option(help: ArgumentHelp("Write the distribution of the latencies to this CSV.", valueName: "file"))
    var histogram: String?

    @Flag(help: "Answers one JSON value.")
    var json = false

    @OptionGroup var people: PopulationOptions

    @OptionGroup(title: "TLS")
    var connection: ConnectionOptions

    func validate() throws {
        if let rate, !(1...OpenLoop<ContinuousClock>.rateLimit).contains(rate) {
            throw ValidationError("--rate takes 1 to \(OpenLoop<ContinuousClock>.rateLimit)")
        }
        guard (1...86_400).contains(duration), (0...3_600).contains(warmUp) else {
            throw ValidationError("--duration takes 1 to 86400 seconds, --warm-up 0 to 3600")
        }
        guard (1...256).contains(connections) else { throw ValidationError("--connections takes 1 to 256") }
        guard loaded ?? 1 > 0 else { throw ValidationError("--loaded takes the number of records, from 1") }
    }
}
