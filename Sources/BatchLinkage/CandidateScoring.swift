import Identifiers
import Matching

/// Scores every pair that shares a key, once; the part of a run that costs.
struct CandidateScoring: Sendable {
    /// What a range of records gave.
    struct Outcome: Sendable {
        var edges: [ScoredEdge] = []
        var pairs = 0
        var scored = 0
        var cutBlocks = 0
    }

    let table: KeyedTable
    let blocks: SortedBlocks
    let rules: RuleSet

    /// Candidates whose outlines are asked for before they are looked at.
    private static let ahead = 16

    /// Working memory of one thread.
    struct Scratch {
        var candidates: [UInt32] = []
        /// Candidates whose outlines allow a weight that matters.
        var reached: [UInt32] = []
    }

    /// Scores the records of a range against all that come after them.
    func score(_ range: Range<Int>) throws(LinkError) -> Outcome {
        var outcome = Outcome()
        var seen = [UInt32](repeating: .max, count: table.count)
        var scratch = Scratch()
        for position in range {
            blocks.expect(position + 2)
            blocks.gather(position, into: &scratch.candidates, seen: &seen, cut: &outcome.cutBlocks)
            guard !scratch.candidates.isEmpty else { continue }
            outcome.pairs += scratch.candidates.count
            try score(position, &scratch, floor: rules.reviewThreshold, into: &outcome)
        }
        return outcome
    }

    /// Scores a record against `scratch.candidates` and keeps what weighs the floor and more; with the lowest floor
    /// that is all.
    func score(
        _ position: Int,
        _ scratch: inout Scratch,
        floor: MatchWeight,
        into outcome: inout Outcome
    ) throws(LinkError) {
        table.expectRow(table.outlines[position])
        for candidate in scratch.candidates.prefix(CandidateScoring.ahead) { table.expectOutline(candidate) }
        do {
            try table.withRows { rows throws(RuleSetError) in
                let outline = table.outlines[position]
                let row = KeyedTable.row(outline, in: rows)
                let query = try PreparedQuery(row, sketch: outline.sketch, digest: outline.digest, rules: rules)
                reach(query, floor, &scratch)
                outcome.scored += scratch.reached.count
                for candidate in scratch.reached {
                    let weight = query.score(table.row(Int(candidate), in: rows), atLeast: floor)
                    if weight >= floor {
                        outcome.edges.append(ScoredEdge(first: UInt32(position), second: candidate, weight: weight))
                    }
                }
            }
        } catch {
            throw .malformedRow(table.ids[position])
        }
    }

    /// Finds the candidates that can reach the floor; their rows are on the way when it is done.
    @inline(__always)
    private func reach(_ query: borrowing PreparedQuery, _ floor: MatchWeight, _ scratch: inout Scratch) {
        scratch.reached.removeAll(keepingCapacity: true)
        let count = scratch.candidates.count
        for index in 0..<count {
            let next = index &+ CandidateScoring.ahead
            if next < count { table.expectOutline(scratch.candidates[next]) }
            let candidate = scratch.candidates[index]
            let outline = table.outlines[Int(candidate)]
            guard query.reaches(floor, outline.sketch, outline.digest) else { continue }
            scratch.reached.append(candidate)
            table.expectRow(outline)
        }
    }
}
