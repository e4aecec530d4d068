public import Demographics
import Foundation
import Identifiers
public import Matching

/// Counts given and family names, and says what agreement on a common or a rare one is worth.
public struct NameCounts: Sendable, Equatable {
    /// How many records have a given name, its words joined.
    public private(set) var given: [Word: Int]
    /// How many records have a family name, its words joined.
    public private(set) var family: [Word: Int]

    /// Largest adjustment in bits, either way.
    static let bitLimit = 8.0
    /// Names closer than this to the adjustment of a singular one are not listed, in bits.
    static let listedFrom = 1.0

    /// Starts from counts that were kept; without any, counts nothing yet.
    public init(given: [Word: Int] = [:], family: [Word: Int] = [:]) {
        self.given = given
        self.family = family
    }

    /// Counts a name, its words joined; an empty word is no name.
    public mutating func add(given: Word, family: Word) {
        if !given.isEmpty { self.given[given, default: 0] += 1 }
        if !family.isEmpty { self.family[family, default: 0] += 1 }
    }

    /// Takes a name back that was counted before.
    ///
    /// - Returns: false where it was not: then these are not the counts that it was added to.
    public mutating func remove(given: Word, family: Word) -> Bool {
        let isGiven = given.isEmpty || NameCounts.take(given, from: &self.given)
        let isFamily = family.isEmpty || NameCounts.take(family, from: &self.family)
        return isGiven && isFamily
    }

    private static func take(_ name: Word, from counts: inout [Word: Int]) -> Bool {
        guard let count = counts[name] else { return false }
        counts[name] = count > 1 ? count - 1 : nil
        return true
    }

    /// Adds the counts of other records.
    public mutating func merge(_ other: NameCounts) {
        given.merge(other.given, uniquingKeysWith: +)
        family.merge(other.family, uniquingKeysWith: +)
    }

    /// Frequencies for a rule set.
    public func frequencies(against alternative: String) -> TermFrequencies {
        let givenTable = NameCounts.adjustments(given)
        let familyTable = NameCounts.adjustments(family)
        return TermFrequencies(
            alternative: alternative,
            givenNames: givenTable.names,
            familyNames: familyTable.names,
            otherGivenName: givenTable.other,
            otherFamilyName: familyTable.other
        )
    }

    /// `log2(mean / f)`: an exact agreement has the probability `mean`, the sum of squared frequencies, on names at
    /// large and `f` on this one.
    private static func adjustments(_ counts: [Word: Int]) -> (names: [String: Int32], other: Int32) {
        // Sums of integers do not depend on the order in which a dictionary is walked.
        let total = counts.values.reduce(0, +)
        let squares = counts.values.reduce(0) { $0 + $1 * $1 }
        guard total > 0 else { return ([:], 0) }
        func bits(_ count: Double) -> Double {
            max(-bitLimit, min(bitLimit, log2(Double(squares) / (Double(total) * count))))
        }
        let other = bits(1.4)
        var names: [String: Int32] = [:]
        for (name, count) in counts where bits(Double(count)) < other - listedFrom {
            names[name.description] = MatchWeight(bits: bits(Double(count))).millibits
        }
        return (names, MatchWeight(bits: other).millibits)
    }
}
