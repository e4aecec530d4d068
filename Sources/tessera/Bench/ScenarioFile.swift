internal import LoadTest
internal import Yams

/// Reads a scenario: YAML, or JSON, which is YAML too.
///
///     version: 1
///     name: morning
///     population: {people: 20000, seed: 1}
///     phases:
///       - {name: warm up, seconds: 5, rate: 100, counted: false, requests: {match: 1}}
///       - {name: morning, seconds: 60, rate: 200, arrivals: poisson, requests: {lookup: 5, match: 3, ingest: 2}}
///       - {name: bus, seconds: 60, rate: 100, bursts: {rate: 800, seconds: 1, every: 10}, requests: {match: 1}}
///       - {name: more and more, seconds: 60, rate: 100, to: 2000, requests: {lookup: 1}}
///       - {name: flat out, seconds: 20, concurrency: 64, requests: {match: 1}}
enum ScenarioFile {
    /// Reads a file.
    ///
    /// - Throws: all its faults together, with what would be right.
    static func read(path: String) throws -> BenchScenario {
        var file = try ConfigurationFile(path: path)
        var scenario = BenchScenario(name: file.string("name") ?? "scenario", phases: [])
        scenario.seed = UInt64(clamping: file.integer("seed") ?? 1)
        if let people = file.mapping("population") {
            scenario.population = population(people, &file)
        }
        scenario.file = file.string("file")
        scenario.loaded = positive(file.integer("loaded"), "loaded", from: 0, &file)
        scenario.connections = positive(file.integer("connections"), "connections", to: 256, &file) ?? 8
        scenario.outstanding = positive(file.integer("outstanding"), "outstanding", to: 1 << 20, &file) ?? 4_096
        scenario.batch = positive(file.integer("batch"), "batch", to: 10_000, &file) ?? 100
        for (index, mapping) in file.mappings("phases").enumerated() {
            var keys = ScenarioKeys(mapping, at: "phases[\(index)]")
            if let phase = phase(&keys, number: index + 1) { scenario.phases.append(phase) }
            for fault in keys.finished() { file.fault(fault) }
        }
        if scenario.phases.isEmpty, file.faults.isEmpty { file.fault("`phases` needs one at least") }
        if let mapping = file.mapping("growth") { scenario.growth = growth(mapping, scenario, &file) }
        if scenario.growth != nil, scenario.file != nil { file.fault("`growth` needs a population, not a `file`") }
        try file.finish()
        return scenario
    }

    private static func positive(
        _ value: Int?,
        _ key: String,
        from least: Int = 1,
        to most: Int = PopulationGenerator.peopleLimit,
        _ file: inout ConfigurationFile
    ) -> Int? {
        guard let value else { return nil }
        guard (least...most).contains(value) else {
            file.fault("`\(key)` takes \(least) to \(most)")
            return nil
        }
        return value
    }

    private static func population(_ mapping: Node.Mapping, _ file: inout ConfigurationFile) -> PopulationGenerator {
        var keys = ScenarioKeys(mapping, at: "population")
        let people = keys.integer("people", 1...PopulationGenerator.peopleLimit) ?? 750_000
        let seed = keys.integer("seed", 0...Int.max) ?? 1
        let duplicates = keys.integer("duplicates", 0...PopulationGenerator.duplicatesLimit) ?? 250
        for fault in keys.finished() { file.fault(fault) }
        return PopulationGenerator(people: people, seed: UInt64(seed), duplicates: duplicates)
    }

    private static func growth(
        _ mapping: Node.Mapping,
        _ scenario: BenchScenario,
        _ file: inout ConfigurationFile
    ) -> BenchScenario.Growth? {
        var keys = ScenarioKeys(mapping, at: "growth")
        var growth = BenchScenario.Growth(sizes: keys.integers("sizes"))
        growth.batch = keys.integer("batch", 1...10_000) ?? growth.batch
        growth.concurrency = keys.integer("concurrency", 1...4_096) ?? growth.concurrency
        let faults = keys.finished()
        for fault in faults { file.fault(fault) }
        let isRising = zip(growth.sizes, growth.sizes.dropFirst()).allSatisfy { $0 < $1 }
        let most = scenario.population.count
        if growth.sizes.isEmpty || !isRising || growth.sizes[0] < 1 || growth.sizes[growth.sizes.count - 1] > most {
            file.fault("`growth.sizes` needs rising numbers of records, at most the population's \(most)")
            return nil
        }
        return faults.isEmpty ? growth : nil
    }

    private static func phase(_ keys: inout ScenarioKeys, number: Int) -> LoadPhase? {
        let name = keys.text("name") ?? "phase \(number)"
        let isCounted = keys.flag("counted") ?? true
        let seconds = keys.number("seconds", 0.001...86_400) ?? 30
        let mix = mix(&keys)
        let pace: LoadPhase.Pace
        if let concurrency = keys.integer("concurrency", 1...65_536) {
            pace = .closed(concurrency: concurrency, .nanoseconds(Int64(seconds * 1e9)))
        } else {
            guard let profile = profile(&keys, seconds: seconds) else { return nil }
            pace = .open(profile, pattern(&keys))
        }
        return mix.map { LoadPhase(name: name, isCounted: isCounted, pace: pace, mix: $0) }
    }

    private static func profile(_ keys: inout ScenarioKeys, seconds: Double) -> RateProfile? {
        let rates = 0.0...RateProfile.rateLimit
        guard let rate = keys.number("rate", rates) else {
            keys.fault("rate", "or `concurrency` is needed")
            return nil
        }
        if var bursts = keys.mapping("bursts") {
            let high = bursts.number("rate", rates) ?? 0
            let length = bursts.number("seconds", 0.001...86_400) ?? 1
            let period = bursts.number("every", 0.001...86_400) ?? 10
            if high == 0 { bursts.fault("rate", "is needed: requests a second within a burst") }
            if length > period { bursts.fault("seconds", "must not be longer than `every`") }
            let faults = bursts.finished()
            keys.take(faults)
            guard faults.isEmpty else { return nil }
            return .bursts(of: high, for: length, every: period, over: rate, seconds: seconds)
        }
        if let last = keys.number("to", rates) { return .ramp(from: rate, to: last, seconds: seconds) }
        return .constant(rate, seconds: seconds)
    }

    private static func pattern(_ keys: inout ScenarioKeys) -> ArrivalSchedule.Pattern {
        guard let word = keys.text("arrivals") else { return .steady }
        guard let pattern = ArrivalSchedule.Pattern(rawValue: word) else {
            keys.fault("arrivals", "takes steady or poisson")
            return .steady
        }
        return pattern
    }

    private static func mix(_ keys: inout ScenarioKeys) -> RequestMix? {
        guard var mapping = keys.mapping("requests") else {
            keys.fault("requests", "is needed: kinds and how often each comes, such as {lookup: 5, match: 3}")
            return nil
        }
        let parts = RequestKind.allCases.compactMap { kind in
            mapping.integer(kind.rawValue, 0...1_000_000).map { RequestMix.Part(kind, $0) }
        }
        let faults = mapping.finished()
        keys.take(faults)
        guard faults.isEmpty, parts.contains(where: { $0.weight > 0 }) else {
            if faults.isEmpty { keys.fault("requests", "needs a kind whose number is not 0") }
            return nil
        }
        return RequestMix(parts)
    }
}
