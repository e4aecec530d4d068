internal import Identifiers
internal import Matching
internal import ShardProtocol

/// Finds the records that share a blocking key with a query, and scores them beside the data.
///
/// Budget: 1.2 us a key, 10 ns a posting, 2 us a pair that is scored in full. Nothing is allocated per candidate.
final class CandidateSearch {
    private struct Survivor {
        let record: UInt64
        let key: UInt64
    }

    private var seen = SeenRecords()
    private var block = BlockReader()
    private var survivors: [Survivor] = []
    /// What all searches cost since the start.
    private(set) var cost = SearchCost()

    init() {}

    /// Answers one query.
    ///
    /// - Parameters:
    ///   - query: which keys to look under and which record to leave out.
    ///   - scorer: the query's record, prepared.
    ///   - floor: candidates below it are left out.
    ///   - blockLimit: postings read of one key; those with the smallest record ids.
    ///   - view: the store.
    /// - Returns: distinct candidates in the order of record ids, each under the first key that found it.
    /// - Throws: `StoreError` where the state fails.
    func run<Scorer: QueryScorer & ~Copyable>(
        _ query: CandidatesRequest.Query,
        _ scorer: borrowing Scorer,
        floor: MatchWeight,
        blockLimit: Int,
        _ view: StoreView
    ) throws(StoreError) -> CandidatesAnswer.Found {
        var found = CandidatesAnswer.Found()
        seen.clear()
        survivors.removeAll(keepingCapacity: true)
        _ = seen.insert(query.exclude.rawValue)
        for key in query.keys {
            if try block.read(key, view, limit: blockLimit) { found.cutKeys.append(key) }
            cost.postings += UInt64(block.postings.count)
            for posting in block.postings where seen.insert(posting.record) {
                if scorer.upperBound(Sketch(bits: posting.sketch)) < floor {
                    cost.bounded += 1
                } else {
                    survivors.append(Survivor(record: posting.record, key: key))
                }
            }
        }
        survivors.sort { $0.record < $1.record }
        for survivor in survivors { view.announce(.feature, StoreKey(survivor.record)) }
        for survivor in survivors { view.expect(.feature, StoreKey(survivor.record)) }
        for survivor in survivors {
            // A posting without a row is one whose record moved on between two writes of a commit that is under way.
            guard let row = try view.row(.feature, StoreKey(survivor.record)) else { continue }
            cost.scored += 1
            let weight = scorer.score(row, atLeast: floor)
            guard weight >= floor else { continue }
            found.candidates.append(
                CandidatesAnswer.Candidate(record: RecordID(survivor.record), weight: weight, key: survivor.key)
            )
        }
        return found
    }
}
