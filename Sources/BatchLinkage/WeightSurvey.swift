import Identifiers
import Matching

/// How the weights of all compared pairs are distributed, told apart by the truth.
public struct WeightSurvey: Sendable, Equatable {
    /// Where the first interval begins, in bits; lighter pairs are counted there.
    public static let start = -60.0
    /// The width of an interval in bits.
    public static let width = 0.5
    /// Intervals; heavier pairs are counted in the last one.
    public static let intervals = 280

    /// Pairs of one person by interval.
    public var matches = [Int](repeating: 0, count: intervals)
    /// Pairs of different persons by interval.
    public var others = [Int](repeating: 0, count: intervals)
    /// Pairs of one person that no key brought together.
    public var missed = 0

    /// Nothing counted yet.
    public init() {}

    /// Counts a pair.
    mutating func count(_ weight: MatchWeight, isMatch: Bool) {
        let place = ((weight.bits - WeightSurvey.start) / WeightSurvey.width).rounded(.down)
        let index = Int(min(max(place, 0), Double(WeightSurvey.intervals - 1)))
        if isMatch { matches[index] += 1 } else { others[index] += 1 }
    }

    /// The survey without the empty intervals at both ends, at least one is left; and where the first one begins.
    public var trimmed: (start: Double, matches: [Int], others: [Int]) {
        let used = matches.indices.filter { matches[$0] > 0 || others[$0] > 0 }
        guard let first = used.first, let last = used.last else { return (WeightSurvey.start, [0], [0]) }
        return (
            WeightSurvey.start + Double(first) * WeightSurvey.width, Array(matches[first...last]),
            Array(others[first...last])
        )
    }
}

extension LinkRun {
    /// Scores every pair that shares a key, also those that weigh next to nothing, and counts them by the truth.
    ///
    /// - Parameter truth: the person of each record, by the record's id; pairs of other records are left out.
    /// - Returns: the counts.
    /// - Throws: `LinkError`.
    public func survey(_ truth: [String: String]) async throws(LinkError) -> WeightSurvey {
        var table = table
        table.makeCanonical()
        let blocks = await SortedBlocks(table.takePostings(), recordCount: table.count, limit: rules.blockLimit)
        let scoring = CandidateScoring(table: table, blocks: blocks, rules: rules)
        let persons = table.keys.map { truth[$0.value] }
        var survey = WeightSurvey()
        var seen = [UInt32](repeating: .max, count: table.count)
        var scratch = CandidateScoring.Scratch()
        var cut = 0
        for position in 0..<table.count {
            guard let person = persons[position] else { continue }
            blocks.gather(position, into: &scratch.candidates, seen: &seen, cut: &cut)
            var outcome = CandidateScoring.Outcome()
            try scoring.score(position, &scratch, floor: .lowest, into: &outcome)
            for edge in outcome.edges {
                guard let other = persons[Int(edge.second)] else { continue }
                survey.count(edge.weight, isMatch: other == person)
            }
        }
        var sizes: [String: Int] = [:]
        for case let person? in persons { sizes[person, default: 0] += 1 }
        let wanted = sizes.values.reduce(0) { $0 + $1 * ($1 - 1) / 2 }
        survey.missed = wanted - survey.matches.reduce(0, +)
        return survey
    }
}
