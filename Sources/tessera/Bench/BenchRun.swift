internal import Foundation
internal import JSON
internal import LoadTest
internal import Transport

/// One load test: requests at a fixed rate, percentiles of their latency.
struct BenchRun {
    private let scenario: Scenario
    private let options: BenchOptions
    private let rate: Int

    /// Look-ups made before a test of questions, to see that there is something to ask for.
    private static let probes = 16

    /// A test of a scenario at the rate of the options, or else a usual one.
    init(_ scenario: Scenario, _ options: BenchOptions, standardRate: Int) {
        self.scenario = scenario
        self.options = options
        rate = options.rate ?? standardRate
    }

    /// Carries it out and reports.
    func run() async throws {
        let url = try ServerURL.resolve(options.server)
        let records = try BenchRecords.read(options)
        let stamp = String(Int(Date().timeIntervalSince1970), radix: 36)
        let plan = BenchPlan(scenario, records: records, seed: options.people.seed, run: stamp)
        let outcome = try await RegistryClient.with(url, options.connection, connections: options.connections) {
            client in
            if scenario != .ingest { try await probe(client, records) }
            return try await measure(client, plan)
        }
        let report = BenchReport(scenario: scenario.rawValue, target: url.description, result: outcome)
        if let path = options.histogram { try LatencyFile.write(outcome.latency, to: path) }
        if options.json {
            Report.text([try report.json()])
        } else {
            Report.text([report.text.trimmingCharacters(in: .newlines)])
        }
        if outcome.failed > 0 || outcome.shed > 0 { throw CommandFailure("not every request was answered; see above") }
    }

    /// A registry without the records would be measured answering that it has none.
    private func probe(_ client: RegistryClient, _ records: BenchRecords) async throws {
        let lookups = BenchPlan(.lookup, records: records, seed: options.people.seed, run: "")
        var found = 0
        for index in 0..<Self.probes {
            let response = try await client.send(lookups.request(index))
            guard response.status == 200 else {
                throw RegistryClient.failure(client.url, "/fhir/Patient", response.status, response.body)
            }
            let total = (try? JSONValue(parsing: response.body.span.bytes))?["total"]?.integer ?? 0
            found += total > 0 ? 1 : 0
        }
        guard found * 10 >= Self.probes * 9 else {
            let what = options.file ?? "the population (tessera bench generate, with the same --people and --seed)"
            throw CommandFailure("\(client.url) holds \(found) of \(Self.probes) records asked for: load \(what) first")
        }
    }

    private func measure(_ client: RegistryClient, _ plan: BenchPlan) async throws -> LoadResult {
        let loop = OpenLoop(
            rate: rate,
            duration: .seconds(options.duration),
            warmUp: .seconds(options.warmUp),
            clock: ContinuousClock()
        )
        let total = loop.requestCount
        let done = Counter()
        let shown = Task { [json = options.json, rate] in
            await ProgressLine(isQuiet: json).run {
                let left = Double(max(0, total - done.value)) / Double(rate)
                return "\(Quantity.count(done.value)) of \(Quantity.count(total)) requests, "
                    + "\(Quantity.time(seconds: left)) left"
            }
        }
        let outcome = try await Interruption.guarding {
            await loop.run { index in
                let response = try await client.exchange(plan.request(index))
                done.add(1)
                guard response.status < 400 else { throw BenchFailure(response) }
            }
        }
        shown.cancel()
        await shown.value
        return outcome.value
    }
}

/// An answer that says no; equal ones are counted together.
private struct BenchFailure: Error, CustomStringConvertible {
    let description: String

    init(_ response: HTTPResponse) {
        description = "status \(response.status)" + (ProblemWords.read(response.body).map { ": \($0)" } ?? "")
    }
}
