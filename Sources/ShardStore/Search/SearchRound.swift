internal import Identifiers
internal import Matching
internal import ShardProtocol

/// A few queries that are answered together, step by step, so that while one is at work the memory that the others
/// ask for is on its way.
///
/// A row's place is known once the line of the index has come, and the row when its own lines have: one query after
/// the other would wait for both. In a store of some hundred megabytes that was a fifth of a search.
struct SearchRound {
    /// Queries of a round: enough to hide a miss of the cache, few enough for their tables to stay in it.
    static let size = 4

    /// A prepared query; a class, since no collection of the standard library holds what cannot be copied.
    private final class Prepared {
        let scorer: PreparedQuery
        var gathered = GatheredCandidates()

        init(_ query: CandidatesRequest.Query, _ rules: RuleSet) throws(RuleSetError) {
            scorer = try PreparedQuery(query.row, sketch: Sketch(bits: query.sketch), rules: rules)
        }
    }

    /// Why a round ended without an answer.
    enum Failure: Error {
        /// A query of this number is malformed.
        case query(Int, RuleSetError)
        case store(StoreError)
    }

    private let queries: ArraySlice<CandidatesRequest.Query>
    private let floor: MatchWeight
    private let rules: RuleSet

    /// Takes the queries of a round, by their places in the request.
    init(_ queries: ArraySlice<CandidatesRequest.Query>, floor: MatchWeight, rules: RuleSet) {
        self.queries = queries
        self.floor = floor
        self.rules = rules
    }

    /// Answers the queries in their order.
    ///
    /// - Parameters:
    ///   - search: does the work.
    ///   - view: the store.
    ///   - found: takes the answers.
    /// - Throws: `Failure`.
    func run(
        _ search: inout CandidateSearch,
        _ view: StoreView,
        into found: inout [CandidatesAnswer.Found]
    ) throws(Failure) {
        for query in queries { view.announce(blocks: query.keys) }
        var prepared: [Prepared] = []
        prepared.reserveCapacity(queries.count)
        for (number, query) in zip(queries.indices, queries) {
            do throws(RuleSetError) {
                prepared.append(try Prepared(query, rules))
            } catch {
                throw .query(number, error)
            }
            view.expect(blocks: query.keys)
        }
        do throws(StoreError) {
            for (query, one) in zip(queries, prepared) {
                one.gathered = try search.gather(
                    query,
                    one.scorer,
                    floor: floor,
                    blockLimit: rules.blockLimit,
                    view
                )
            }
            for one in prepared { one.gathered.expectRows(view) }
            for one in prepared { found.append(try search.score(one.gathered, one.scorer, floor: floor, view)) }
        } catch {
            throw .store(error)
        }
    }
}
