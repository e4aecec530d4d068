import Identifiers
import Identity
import Matching
import ShardProtocol
import Topology

/// Asks all shards that own a part of a question, one batched message a shard, and puts the answers together.
struct FanOut: Sendable {
    let table: RoutingTable
    /// By what records are keyed and decided.
    let force: RulesInForce
    /// Counts what is asked for.
    let heat = SlotHeat()

    /// The rules that decide now.
    var rules: RuleSet { force.plan.active }

    /// The candidates of each record from all shards, and what finding them cost.
    struct Found: Sendable {
        var candidates: [[IdentityChange.Neighbour]]
        /// Whether a block of the record was cut.
        var cut: [Bool]
        var cost = SearchCost()
        /// Of each record, the keys that nobody answered for; only where that was allowed.
        var unsearched: [[BlockingKey]]
    }

    private enum Answer: Sendable {
        case candidates(CandidatesAnswer)
        case rows(ReadAnswer)
    }

    /// Where everything is now; a question takes it once and keeps to it.
    var routing: Routing { table.current }

    // MARK: Candidates

    /// Finds and scores the candidates of each record, at or above the review threshold.
    ///
    /// - Parameters:
    ///   - records: what is looked for.
    ///   - rules: the rule set that scores.
    ///   - tolerant: whether a shard that does not answer is told of in the answer, as long as another one does.
    /// - Returns: what was found.
    /// - Throws: what a shard says; where silence is tolerated, only if all are silent.
    func candidates(
        _ records: [KeyedRecord],
        rules: RuleSet,
        tolerant: Bool = false
    ) async throws(ShardError) -> Found {
        let routing = routing
        heat.note(records.lazy.flatMap { $0.keys.lazy.map(\.hash) })
        var queries = [[CandidatesRequest.Query]](repeating: [], count: routing.width)
        var places = [[Int]](repeating: [], count: routing.width)
        for (index, record) in records.enumerated() {
            for (shard, keys) in split(record.keys, routing) {
                queries[shard].append(
                    CandidatesRequest.Query(
                        exclude: record.id,
                        sketch: record.sketch.bits,
                        row: record.row,
                        keys: keys
                    )
                )
                places[shard].append(index)
            }
        }
        let requests = queries.map { queries in
            queries.isEmpty
                ? nil : CandidatesRequest(rules: rules.version, floor: rules.reviewThreshold, queries: queries)
        }
        let results = await askEach(requests) { shard, request throws(ShardError) in
            try await candidates(of: routing.client(shard), request, rules)
        }
        let (answers, silent) = try Self.sorted(results, tolerant: tolerant)
        var found = merge(answers, places: places, count: records.count)
        for (index, record) in records.enumerated() where !silent.isEmpty {
            found.unsearched[index] = record.keys.filter { silent.contains(routing.place(ofHash: $0.hash)) }
        }
        return found
    }

    /// Parts answers from shards that are silent.
    private static func sorted<Answer>(
        _ results: [(Int, Result<Answer, ShardError>)],
        tolerant: Bool
    ) throws(ShardError) -> (answers: [(Int, Answer)], silent: Set<Int>) {
        var answers: [(Int, Answer)] = []
        var silent: Set<Int> = []
        var first: ShardError?
        for (shard, result) in results {
            do throws(ShardError) {
                answers.append((shard, try result.get()))
            } catch {
                guard tolerant, error.isSilence else { throw error }
                silent.insert(shard)
                first = first ?? error
            }
        }
        if answers.isEmpty, let first { throw first }
        return (answers, silent)
    }

    private func candidates(
        of client: any ShardClient,
        _ request: CandidatesRequest,
        _ rules: RuleSet
    ) async throws(ShardError) -> CandidatesAnswer {
        do throws(ShardError) {
            return try await client.candidates(request)
        } catch .unknownRuleSet {
            _ = try await client.install(rules: rules.encoded())
            return try await client.candidates(request)
        }
    }

    private func split(_ keys: [BlockingKey], _ routing: Routing) -> [(shard: Int, keys: [UInt64])] {
        var parts: [(shard: Int, keys: [UInt64])] = []
        for key in keys {
            let shard = routing.place(ofHash: key.hash)
            if let place = parts.firstIndex(where: { $0.shard == shard }) {
                parts[place].keys.append(key.hash)
            } else {
                parts.append((shard, [key.hash]))
            }
        }
        return parts
    }

    private func merge(_ answers: [(Int, CandidatesAnswer)], places: [[Int]], count: Int) -> Found {
        var found = Found(
            candidates: [[IdentityChange.Neighbour]](repeating: [], count: count),
            cut: [Bool](repeating: false, count: count),
            unsearched: [[BlockingKey]](repeating: [], count: count)
        )
        for (shard, answer) in answers {
            found.cost += answer.cost
            for (place, one) in zip(places[shard], answer.found) {
                for candidate in one.candidates {
                    found.candidates[place].append(IdentityChange.Neighbour(candidate.record, candidate.weight))
                }
                if !one.cutKeys.isEmpty { found.cut[place] = true }
            }
        }
        for index in found.candidates.indices where found.candidates[index].count > 1 {
            // The same pair scores the same on every shard, so which of the copies stays does not matter.
            found.candidates[index].sort { $0.record < $1.record }
            var last: RecordID?
            found.candidates[index].removeAll { candidate in
                defer { last = candidate.record }
                return candidate.record == last
            }
        }
        return found
    }

    // MARK: Rows

    /// Reads rows from the shards that own them.
    func read(
        _ addresses: [ReadRequest.Address]
    ) async throws(ShardError) -> [ReadRequest.Address: [UInt8]?] {
        guard !addresses.isEmpty else { return [:] }
        let routing = routing
        let requests = reads(addresses, routing)
        let answers = try await ask(requests) { shard, request throws(ShardError) in
            try await routing.client(shard).read(request)
        }
        var rows: [ReadRequest.Address: [UInt8]?] = [:]
        rows.reserveCapacity(addresses.count)
        for (shard, answer) in answers {
            guard let request = requests[shard] else { continue }
            for (address, value) in zip(request.rows, answer.values) { rows[address] = .some(value) }
        }
        return rows
    }

    /// Reads rows from the shards that own them; those of shards that do not answer are left out.
    ///
    /// - Throws: what a shard says, unless it says nothing.
    func readWhereAnswered(
        _ addresses: [ReadRequest.Address]
    ) async throws(ShardError) -> [ReadRequest.Address: [UInt8]?] {
        let routing = routing
        let requests = reads(addresses, routing)
        let results = await askEach(requests) { shard, request throws(ShardError) in
            try await routing.client(shard).read(request)
        }
        var rows: [ReadRequest.Address: [UInt8]?] = [:]
        for (shard, result) in results {
            guard let request = requests[shard] else { continue }
            do throws(ShardError) {
                for (address, value) in zip(request.rows, try result.get().values) { rows[address] = .some(value) }
            } catch {
                guard error.isSilence else { throw error }
            }
        }
        return rows
    }

    /// The question for each shard that owns some of the rows.
    private func reads(_ addresses: [ReadRequest.Address], _ routing: Routing) -> [ReadRequest?] {
        heat.note(addresses.lazy.map(\.key.hash))
        var parts = [[ReadRequest.Address]](repeating: [], count: routing.width)
        for address in addresses { parts[routing.place(ofHash: address.key.hash)].append(address) }
        return parts.map { $0.isEmpty ? nil : ReadRequest(rows: $0) }
    }

    /// Reads feature rows, each beside one of its record's keys.
    func features(_ wanted: [(RecordID, key: UInt64)]) async throws(ShardError) -> [RecordID: [UInt8]] {
        let routing = routing
        var parts = [[ReadRequest.Address]](repeating: [], count: routing.width)
        for (record, key) in wanted {
            parts[routing.place(ofHash: key)].append(.init(.feature, StoreKey(record.rawValue)))
        }
        let requests = parts.map { $0.isEmpty ? nil : ReadRequest(rows: $0) }
        let answers = try await ask(requests) { shard, request throws(ShardError) in
            try await routing.client(shard).read(request)
        }
        var rows: [RecordID: [UInt8]] = [:]
        for (shard, answer) in answers {
            guard let request = requests[shard] else { continue }
            for (address, value) in zip(request.rows, answer.values) {
                if let value { rows[RecordID(address.key.hash)] = value }
            }
        }
        return rows
    }

    /// Puts a question to each shard that has one, all at once.
    func ask<Request: Sendable, Result: Sendable>(
        _ requests: [Request?],
        _ call: @Sendable @escaping (Int, Request) async throws(ShardError) -> Result
    ) async throws(ShardError) -> [(Int, Result)] {
        let asked = requests.indices.filter { requests[$0] != nil }
        if asked.count == 1, let shard = asked.first, let request = requests[shard] {
            let result = try await call(shard, request)
            return [(shard, result)]
        }
        var answers: [(Int, Result)] = []
        for (shard, result) in await askEach(requests, call) { answers.append((shard, try result.get())) }
        return answers
    }

    /// Puts a question to each shard that has one, all at once; tells what came of each, in the order of shards.
    private func askEach<Request: Sendable, Result: Sendable>(
        _ requests: [Request?],
        _ call: @Sendable @escaping (Int, Request) async throws(ShardError) -> Result
    ) async -> [(Int, Swift.Result<Result, ShardError>)] {
        let asked = requests.indices.filter { requests[$0] != nil }
        let results = await withTaskGroup(of: (Int, Swift.Result<Result, ShardError>).self) { group in
            for shard in asked {
                guard let request = requests[shard] else { continue }
                group.addTask {
                    // The answer first, the pair after: built around the wait, the pair loses its number in optimised
                    // code.
                    let result: Swift.Result<Result, ShardError>
                    do throws(ShardError) {
                        result = .success(try await call(shard, request))
                    } catch {
                        result = .failure(error)
                    }
                    return (shard, result)
                }
            }
            var results: [(Int, Swift.Result<Result, ShardError>)] = []
            for await result in group { results.append(result) }
            return results
        }
        // In the order of shards, not of arrival: what follows must not depend on who was faster.
        return results.sorted { $0.0 < $1.0 }
    }
}
