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

    /// Scores the records of a range against all that come after them.
    func score(_ range: Range<Int>) throws(LinkError) -> Outcome {
        var outcome = Outcome()
        var seen = [UInt32](repeating: .max, count: table.count)
        var candidates: [UInt32] = []
        var outlines: [KeyedTable.Outline] = []
        for position in range {
            blocks.gather(position, into: &candidates, seen: &seen, cut: &outcome.cutBlocks)
            guard !candidates.isEmpty else { continue }
            outcome.pairs += candidates.count
            try score(position, candidates, &outlines, floor: rules.reviewThreshold, into: &outcome)
        }
        return outcome
    }

    /// Scores a record against others and keeps what weighs the floor and more; with the lowest floor that is all.
    ///
    /// `outlines` is working memory.
    func score(
        _ position: Int,
        _ candidates: [UInt32],
        _ outlines: inout [KeyedTable.Outline],
        floor: MatchWeight,
        into outcome: inout Outcome
    ) throws(LinkError) {
        // Gathered first: so the processor waits for many of them at once and not for one after the other.
        outlines.removeAll(keepingCapacity: true)
        for candidate in candidates { outlines.append(table.outlines[Int(candidate)]) }
        do {
            try table.withRows { rows throws(RuleSetError) in
                let outline = table.outlines[position]
                let row = table.row(position, in: rows)
                let query = try PreparedQuery(row, sketch: outline.sketch, digest: outline.digest, rules: rules)
                for (candidate, outline) in zip(candidates, outlines) {
                    guard query.reaches(floor, outline.sketch, outline.digest) else { continue }
                    outcome.scored += 1
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
}
