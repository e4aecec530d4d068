internal import Foundation
internal import JSON
internal import LoadTest
internal import Transport

/// One load test: a scenario carried out against a server.
struct BenchRun: Sendable {
    private let scenario: BenchScenario
    private let target: BenchTarget
    private let wire: WireOptions
    private let isQuiet: Bool

    /// Look-ups made before a test of questions, to see that there is something to ask for.
    private static let probes = 16
    /// Times that a train of a fill is sent before it is given up, and the pause between.
    private static let fillTries = 60
    private static let fillPause: Duration = .milliseconds(500)

    /// A test of a scenario.
    ///
    /// - Throws: where the server cannot be asked for what the scenario has.
    init(_ scenario: BenchScenario, _ wire: WireOptions, isQuiet: Bool) throws {
        self.scenario = scenario
        self.wire = wire
        self.isQuiet = isQuiet
        target = try wire.resolved()
        let native = scenario.kinds.filter(\.isNative).map(\.rawValue).sorted()
        guard target.isTessera || native.isEmpty else {
            throw CommandFailure(
                "\(native.joined(separator: " and ")) belong to Tessera's native interface; "
                    + "\(target) is the base of a FHIR server"
            )
        }
    }

    /// Carries it out; the results of each phase too.
    func run() async throws -> (record: RunRecord, phases: [PhaseResult]) {
        let records = try BenchRecords.read(scenario)
        let began = Date().timeIntervalSince1970
        let requests = BenchRequests(
            target,
            records: records,
            seed: scenario.seed,
            batch: scenario.batch,
            run: String(Int(began), radix: 36)
        )
        let client = try BenchWire(target, wire, connections: scenario.connections)
        do {
            if scenario.growth == nil, !scenario.kinds.allSatisfy(\.adds) { try await probe(client, requests, records) }
            let phases = try await Interruption.guarding { try await measure(client, requests, records) }.value
            await client.close()
            return (record(phases, began: began), phases.map(\.result))
        } catch {
            await client.close()
            throw error
        }
    }

    private struct Measured: Sendable {
        var result: PhaseResult
        var sizeBefore: Int
    }

    private func record(_ phases: [Measured], began: Double) -> RunRecord {
        var record = RunRecord(
            scenario: scenario.name,
            target: target.description,
            program: "tessera \(Release.version)",
            machine: Machine.description,
            began: began,
            seed: scenario.seed
        )
        record.phases = phases.map { PhaseRecord($0.result, sizeBefore: $0.sizeBefore) }
        return record
    }

    private func measure(
        _ client: BenchWire,
        _ requests: BenchRequests,
        _ records: BenchRecords
    ) async throws -> [Measured] {
        let driver = LoadDriver(
            seed: scenario.seed,
            outstandingLimit: scenario.outstanding,
            clock: client.clock
        )
        var measured: [Measured] = []
        var size = scenario.growth == nil ? records.loaded : scenario.loaded ?? 0
        var held = size
        for (range, phases) in scenario.rounds() {
            if let range, !range.isEmpty {
                let result = await fill(range, driver, client, requests)
                measured.append(Measured(result: result, sizeBefore: size))
                size += Int(result.records)
                held = range.upperBound
                guard result.failed == 0 else {
                    let words = result.failures.first?.message ?? ""
                    throw CommandFailure("the registry could not be filled to \(Quantity.count(held)): \(words)")
                }
            }
            for phase in phases where !Task.isCancelled {
                let known = held
                let result = await withTaskExecutorPreference(client.executor) {
                    await shown(phase, driver) { request throws(LoadFailure) in
                        let response = try await Self.exchange(client, requests.request(request, held: known))
                        return try BenchRequests.records(request.kind, response)
                    }
                }
                measured.append(Measured(result: result, sizeBefore: size))
                size += Int(result.records)
            }
        }
        return measured
    }

    /// Brings the registry to a size; trains that were refused for a while are sent again.
    private func fill(
        _ range: Range<Int>,
        _ driver: LoadDriver<LoopClock>,
        _ client: BenchWire,
        _ requests: BenchRequests
    ) async -> PhaseResult {
        let growth = scenario.growth ?? BenchScenario.Growth(sizes: [])
        let step = target.isTessera ? growth.batch : 1
        let kind: RequestKind = target.isTessera ? .bulk : .ingest
        let phase = LoadPhase(
            name: "fill to \(Quantity.count(range.upperBound))",
            isCounted: false,
            pace: .count(concurrency: growth.concurrency, requests: (range.count + step - 1) / step),
            mix: RequestMix(kind)
        )
        return await shown(phase, driver) { request throws(LoadFailure) in
            let first = range.lowerBound + request.index * step
            let train = requests.fill(first..<min(first + step, range.upperBound))
            var tries = 0
            while true {
                do throws(LoadFailure) {
                    return try BenchRequests.records(kind, try await Self.exchange(client, train))
                } catch {
                    tries += 1
                    guard tries < Self.fillTries, !Task.isCancelled else { throw error }
                }
                try? await Task.sleep(for: Self.fillPause)
            }
        }
    }

    private static func exchange(
        _ client: BenchWire,
        _ request: HTTPClientRequest
    ) async throws(LoadFailure) -> HTTPResponse {
        do throws(TransportError) {
            return try await client.send(request)
        } catch {
            throw LoadFailure(RegistryClient.words(error))
        }
    }

    /// Carries out a phase and shows how far it is.
    private func shown(
        _ phase: LoadPhase,
        _ driver: LoadDriver<LoopClock>,
        _ send: @escaping LoadDriver<LoopClock>.Send
    ) async -> PhaseResult {
        let done = Counter()
        let total = phase.requestCount
        let line = Task { [isQuiet] in
            await ProgressLine(isQuiet: isQuiet).run {
                let all = total.map { " of \(Quantity.count($0))" } ?? ""
                return "\(phase.name): \(Quantity.count(done.value))\(all) requests"
            }
        }
        let result = await driver.run(phase) { request throws(LoadFailure) in
            let records = try await send(request)
            done.add(1)
            return records
        }
        line.cancel()
        await line.value
        return result
    }

    /// A registry without the records would be measured answering that it has none.
    private func probe(_ client: BenchWire, _ requests: BenchRequests, _ records: BenchRecords) async throws {
        var found = 0
        for index in 0..<Self.probes {
            let lookup = requests.request(
                LoadRequest(index: index, kind: .lookup, ordinal: index),
                held: records.loaded
            )
            let response: HTTPResponse
            do throws(TransportError) {
                response = try await client.send(lookup)
            } catch {
                throw RegistryClient.failure(target.server, error)
            }
            guard response.status == 200 else {
                throw RegistryClient.failure(target.server, "\(target.base)/Patient", response.status, response.body)
            }
            let answer = try? JSONValue(parsing: response.body.span.bytes)
            found += answer?["total"]?.integer ?? 0 > 0 || answer?["entry"]?[0] != nil ? 1 : 0
        }
        guard found * 10 >= Self.probes * 9 else {
            let what = scenario.file ?? "the population (tessera bench generate, with the same --people and --seed)"
            throw CommandFailure("\(target) holds \(found) of \(Self.probes) records asked for: load \(what) first")
        }
    }
}
