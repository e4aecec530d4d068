internal import Identifiers
internal import Matching
internal import ShardProtocol

/// Finds the records that share a blocking key with a query, and scores them beside the data.
///
/// Budget: 1.2 us a key, 10 ns a posting, 2 us a pair that is scored in full. Nothing is allocated per candidate.
struct CandidateSearch: ~Copyable {
    private var seen = SeenRecords()
    private var block = BlockReader()
    private var changes: [PostingChange] = []
    private var chunks: [UnsafeRawBufferPointer] = []
    /// What all searches cost since the start.
    private(set) var cost = SearchCost()

    init() {}

    /// Reads the blocks of a query, and asks for where the rows stand that must be compared.
    ///
    /// - Parameters:
    ///   - query: which keys to look under and which record to leave out.
    ///   - scorer: the query's record, prepared.
    ///   - floor: candidates below it are left out.
    ///   - blockLimit: postings read of one key; those with the smallest record ids.
    ///   - view: the store.
    /// - Returns: the distinct records whose sketches allow the floor, each under the first key that found it.
    /// - Throws: `StoreError` where the state fails.
    mutating func gather<Scorer: QueryScorer & ~Copyable>(
        _ query: CandidatesRequest.Query,
        _ scorer: borrowing Scorer,
        floor: MatchWeight,
        blockLimit: Int,
        _ view: StoreView
    ) throws(StoreError) -> GatheredCandidates {
        var gathered = GatheredCandidates()
        seen.clear()
        _ = seen.insert(query.exclude.rawValue)
        for key in query.keys {
            if try readNewestFirst(key, view, limit: blockLimit) {
                for change in changes { take(change.record, change.sketch, key, scorer, floor, &gathered) }
                for chunk in chunks {
                    for index in 0..<PostingChunk.count(chunk) {
                        let sketch = PostingChunk.sketch(chunk, index)
                        take(PostingChunk.record(chunk, index), sketch, key, scorer, floor, &gathered)
                    }
                }
            } else {
                if try block.read(key, view, limit: blockLimit) { gathered.cutKeys.append(key) }
                cost.postings += UInt64(block.postings.count)
                for posting in block.postings {
                    take(posting.record, posting.sketch, key, scorer, floor, &gathered)
                }
            }
        }
        gathered.announceRows(view)
        return gathered
    }

    /// Compares a query with the rows of what was gathered for it.
    ///
    /// - Returns: the candidates in the order of record ids.
    /// - Throws: `StoreError` where the state fails.
    mutating func score<Scorer: QueryScorer & ~Copyable>(
        _ gathered: GatheredCandidates,
        _ scorer: borrowing Scorer,
        floor: MatchWeight,
        _ view: StoreView
    ) throws(StoreError) -> CandidatesAnswer.Found {
        var found = CandidatesAnswer.Found()
        found.cutKeys = gathered.cutKeys
        for one in gathered.records {
            // A posting without a row is one whose record moved on between two writes of a commit that is under way.
            guard let row = try view.row(.feature, StoreKey(one.record)) else { continue }
            cost.scored += 1
            let weight = scorer.score(row, atLeast: floor)
            guard weight >= floor else { continue }
            found.candidates.append(
                CandidatesAnswer.Candidate(record: RecordID(one.record), weight: weight, key: one.key)
            )
        }
        found.candidates.sort { $0.record < $1.record }
        return found
    }

    /// Reads a block where it lies, which is enough where nothing was taken out of it and nothing need be cut off: a
    /// record's newest posting comes before its older ones, and the order of records does not matter.
    private mutating func readNewestFirst(
        _ key: UInt64,
        _ view: StoreView,
        limit: Int
    ) throws(StoreError) -> Bool {
        view.newestChanges(key, &changes)
        chunks.removeAll(keepingCapacity: true)
        guard try view.state.newestChunks(key, into: &chunks) else { return false }
        var count = changes.count
        for chunk in chunks { count += PostingChunk.count(chunk) }
        guard count <= limit else { return false }
        for change in changes where change.isRemoved { return false }
        cost.postings += UInt64(count)
        return true
    }

    @inline(__always)
    private mutating func take<Scorer: QueryScorer & ~Copyable>(
        _ record: UInt64,
        _ sketch: SketchBits,
        _ key: UInt64,
        _ scorer: borrowing Scorer,
        _ floor: MatchWeight,
        _ gathered: inout GatheredCandidates
    ) {
        guard seen.insert(record) else { return }
        if scorer.reaches(floor, Sketch(bits: sketch)) {
            gathered.records.append((record, key))
        } else {
            cost.bounded += 1
        }
    }
}
