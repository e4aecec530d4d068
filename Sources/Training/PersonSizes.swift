import Foundation
public import Identifiers

/// How many records persons have, and what that says when records are joined.
///
/// Of all ways to part records into persons of these sizes each is as likely as any other. So a given set of k records
/// is a person with odds in proportion to `n(k) * k!`, n(k) being the number of persons of k records, and two groups of
/// a and b records are one person with odds in proportion to `n(a+b) (a+b)! / (n(a) a! n(b) b!)`. The prior of a pair
/// knows none of this; the difference is the evidence of sizes. Where nobody has three records it keeps a third one
/// out; where everybody has five it lets fragments grow together.
public struct PersonSizes: Sendable, Equatable {
    /// Number of persons by number of records; the first entry stands for none.
    public private(set) var counts: [Int] = [0]

    /// Sizes that are told apart.
    static let limit = 8
    /// Most bits that sizes add: what looks like fragments of one person may be a family.
    static let most = 3.0
    /// Least bits that sizes add, so that much evidence still overrules them.
    static let least = -8.0
    /// Bits that groups need beyond what single records need: the pairs across two groups are not independent.
    static let caution = 0.35
    /// Most bits by which a pair may weigh less than even odds and still be joined because most records have another.
    static let pairMost = 1.5
    /// How far below even odds a pair counts that no key found or that weighs too little, in bits.
    static let absent = 5.0

    /// Counts.
    ///
    /// - Parameter persons: the person of each record.
    public init(persons: [UInt32]) {
        var records: [UInt32: Int] = [:]
        for person in persons { records[person, default: 0] += 1 }
        // Counting does not depend on the order in which a dictionary is walked.
        for size in records.values {
            if size >= counts.count { counts += [Int](repeating: 0, count: size + 1 - counts.count) }
            counts[size] += 1
        }
    }

    /// Bits that the sizes of two groups add to the odds of a pair, unlimited.
    ///
    /// - Parameters:
    ///   - first: records of one group.
    ///   - second: records of the other.
    ///   - matches: estimated pairs of one person in the population.
    /// - Returns: log2 of the ratio of odds.
    func bits(_ first: Int, _ second: Int, matches: Double) -> Double {
        let records = Double(counts.enumerated().reduce(0) { $0 + $1.offset * $1.element })
        let pair = 1 + log2(max(1, matches)) - 2 * log2(max(1, records))
        return weight(first + second) - weight(first) - weight(second) - pair
    }

    /// log2 of `n(k) k!`; a few persons of sizes never seen are pretended, the fewer the larger.
    private func weight(_ size: Int) -> Double {
        let seen = size < counts.count ? Double(counts[size]) : 0
        let ways = (1...size).reduce(0) { $0 + log2(Double($1)) }
        return log2(seen + exp2(Double(1 - size))) + ways
    }

    /// How far below even odds a pair of single records may be and still be joined.
    public func slack(matches: Double) -> MatchWeight {
        MatchWeight(bits: max(0, min(PersonSizes.pairMost, bits(1, 1, matches: matches))))
    }

    /// What sizes add to the mean of the pairs across two groups, as `Linkage` has it, beyond what they add to a pair.
    public func growth(matches: Double) -> [[MatchWeight]] {
        let slack = slack(matches: matches).bits
        return (1...PersonSizes.limit).map { first in
            (1...first).map { second in
                guard first > 1 else { return .zero }
                let bits = bits(first, second, matches: matches)
                let limited = max(PersonSizes.least, min(PersonSizes.most, bits))
                return MatchWeight(bits: limited - slack - PersonSizes.caution)
            }
        }
    }
}
