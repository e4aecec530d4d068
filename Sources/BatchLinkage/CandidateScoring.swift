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
        for position in range {
            gather(position, into: &candidates, seen: &seen, cut: &outcome.cutBlocks)
            guard !candidates.isEmpty else { continue }
            outcome.pairs += candidates.count
            try score(position, candidates, floor: rules.reviewThreshold, into: &outcome)
        }
        return outcome
    }

    /// The records behind a position that share a key with it and are reached: of a block longer than the limit, only
    /// the first records ask for others.
    func gather(_ position: Int, into candidates: inout [UInt32], seen: inout [UInt32], cut: inout Int) {
        candidates.removeAll(keepingCapacity: true)
        let own = UInt32(position)
        for entry in blocks.starts[position]..<blocks.starts[position + 1] {
            let place = blocks.places[Int(entry)]
            if Int(blocks.ranks[Int(place)]) >= rules.blockLimit {
                cut += 1
                continue
            }
            var other = place + 1
            let end = blocks.blockEnds[Int(place)]
            while other < end {
                let record = blocks.records[Int(other)]
                if seen[Int(record)] != own {
                    seen[Int(record)] = own
                    candidates.append(record)
                }
                other += 1
            }
        }
    }

    /// Scores a record against others and keeps what weighs the floor and more; with the lowest floor that is all.
    func score(
        _ position: Int,
        _ candidates: [UInt32],
        floor: MatchWeight,
        into outcome: inout Outcome
    ) throws(LinkError) {
        let id = table.ids[position]
        do {
            let query = try PreparedQuery([UInt8](table.row(position)), sketch: table.sketches[position], rules: rules)
            table.rows.withUnsafeBytes { rows in
                for candidate in candidates {
                    let other = Int(candidate)
                    guard query.upperBound(table.sketches[other]) >= floor else { continue }
                    outcome.scored += 1
                    let start = table.rowStarts[other]
                    let row = UnsafeRawBufferPointer(rebasing: rows[start..<table.rowStarts[other + 1]])
                    let weight = query.score(row, atLeast: floor)
                    if weight >= floor {
                        outcome.edges.append(ScoredEdge(first: UInt32(position), second: candidate, weight: weight))
                    }
                }
            }
        } catch {
            throw .malformedRow(id)
        }
    }
}
