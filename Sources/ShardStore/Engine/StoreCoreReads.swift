internal import Identifiers
internal import Matching
import ShardProtocol

extension StoreCore {
    func candidates(_ request: CandidatesRequest) throws(StoreError) -> ShardAnswer {
        guard let rules = ruleSet(request.rules) else { return .failure(.unknownRuleSet(request.rules)) }
        let before = search.cost
        var found: [CandidatesAnswer.Found] = []
        found.reserveCapacity(request.queries.count)
        var bytes = 0
        var refusal: ShardError?
        try view { view throws(StoreError) in
            for start in stride(from: 0, to: request.queries.count, by: SearchRound.size) {
                let queries = request.queries[start..<min(start + SearchRound.size, request.queries.count)]
                let round = SearchRound(queries, floor: request.floor, rules: rules)
                do throws(SearchRound.Failure) {
                    try round.run(&search, view, into: &found)
                } catch {
                    switch error {
                    case .query(let number, let fault): refusal = .badRequest("query \(number): \(fault)")
                    case .store(let fault): throw fault
                    }
                    return
                }
                for one in found[start...] {
                    bytes += 20 * one.candidates.count + 8 * one.cutKeys.count
                    counts.cutBlocks += UInt64(one.cutKeys.count)
                }
                guard bytes <= configuration.answerBytes else {
                    refusal = .badRequest("the answer is over \(configuration.answerBytes) bytes: ask fewer queries")
                    return
                }
            }
        }
        if let refusal { return .failure(refusal) }
        counts.queries += UInt64(found.count)
        return .candidates(CandidatesAnswer(found: found, cost: search.cost - before))
    }

    func read(_ request: ReadRequest) throws(StoreError) -> ShardAnswer {
        var values: [[UInt8]?] = []
        values.reserveCapacity(request.rows.count)
        var bytes = 0
        try view { view throws(StoreError) in
            for row in request.rows { view.announce(StateTable(row.table), row.key) }
            for row in request.rows { view.expect(StateTable(row.table), row.key) }
            for row in request.rows {
                let value = try view.row(StateTable(row.table), row.key)
                bytes += value?.count ?? 0
                guard bytes <= configuration.answerBytes else { return }
                values.append(value.map { [UInt8]($0) })
            }
        }
        guard values.count == request.rows.count else {
            return .failure(.badRequest("the rows are over \(configuration.answerBytes) bytes: ask for fewer"))
        }
        counts.rowsRead += UInt64(values.count)
        return .read(ReadAnswer(values: values))
    }

    func scan(_ request: ScanRequest) throws(StoreError) -> ShardAnswer {
        let answer = try view { view throws(StoreError) in try RangeScan.run(request, view) }
        counts.rowsScanned += UInt64(answer.rows.count)
        return .scan(answer)
    }

    /// Pages of blocks; one reader serves all of them.
    func blocks(_ request: BlockRequest) throws(StoreError) -> ShardAnswer {
        var reader = BlockReader()
        var blocks: [BlockAnswer.Block] = []
        var bytes = 0
        try view { view throws(StoreError) in
            for key in request.keys {
                let isCut = try reader.read(key, view, limit: request.limit, from: request.from.rawValue)
                blocks.append(
                    BlockAnswer.Block(records: reader.postings.map { RecordID($0.record) }, isCut: isCut)
                )
                bytes += 8 * reader.postings.count
                guard bytes <= configuration.answerBytes else { return }
            }
        }
        guard blocks.count == request.keys.count else {
            return .failure(.badRequest("the blocks are over \(configuration.answerBytes) bytes: ask for fewer"))
        }
        return .block(BlockAnswer(blocks: blocks))
    }

    /// The status but for what only the shell knows: file sizes, free space and the time that recovery took.
    func status() throws(StoreError) -> ShardStatus {
        var status = ShardStatus()
        status.epoch = epoch
        status.through = active.mark.through
        status.logBytes = UInt64(active.logBytes + (frozen?.logBytes ?? 0))
        status.recoveredFrames = recovery.frames
        status.rules = rules.map(\.set.version)
        status.damage = damage
        try view { view throws(StoreError) in
            for (index, table) in StoreTable.allCases.enumerated() {
                let pending = [active, frozen].compactMap { $0?.table(StateTable(table)).count }.reduce(0, +)
                status.rows[index] = try view.state.count(StateTable(table)) + UInt64(pending)
            }
            let pending = [active, frozen].compactMap { $0?.postings.count }.reduce(0, +)
            status.postings = try view.state.postingCount() + UInt64(pending)
        }
        return status
    }

    func ruleSet(_ version: RuleSetVersion) -> RuleSet? {
        rules.first { $0.set.version == version }?.set
    }
}

extension SearchCost {
    static func - (left: SearchCost, right: SearchCost) -> SearchCost {
        SearchCost(
            postings: left.postings - right.postings,
            bounded: left.bounded - right.bounded,
            scored: left.scored - right.scored
        )
    }
}
