internal import ArgumentParser
internal import LoadTest

/// `tessera bench ingest`: single patients, one `POST /fhir/Patient` each.
struct BenchIngestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingest",
        abstract: "Measures single new records (POST /fhir/Patient), 300 a second unless told otherwise."
    )

    @OptionGroup var options: BenchOptions

    func run() async throws { try await options.measure("ingest", RequestMix(.ingest), standardRate: 300) }
}

/// `tessera bench match`: the question who a patient is.
struct BenchMatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "match",
        abstract: "Measures $match (POST /fhir/Patient/$match), 500 a second unless told otherwise."
    )

    @OptionGroup var options: BenchOptions

    func run() async throws { try await options.measure("match", RequestMix(.match), standardRate: 500) }
}

/// `tessera bench lookup`: records by their identifier.
struct BenchLookupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lookup",
        abstract: "Measures look-ups (GET /fhir/Patient?identifier=), 2,000 a second unless told otherwise."
    )

    @OptionGroup var options: BenchOptions

    func run() async throws { try await options.measure("lookup", RequestMix(.lookup), standardRate: 2_000) }
}

/// `tessera bench mixed`: a day in the life of a registry.
struct BenchMixedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mixed",
        abstract: "Measures half look-ups, three in ten matches, one in five new records; 500 a second."
    )

    @OptionGroup var options: BenchOptions

    func run() async throws {
        let mix = RequestMix([.init(.lookup, 5), .init(.match, 3), .init(.ingest, 2)])
        try await options.measure("mixed", mix, standardRate: 500)
    }
}
