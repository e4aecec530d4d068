import Testing

@testable import Matching

/// Winkler 1990, table 1, and the bit-parallel kernel against the textbook loops.
@Suite struct JaroWinklerTests {
    @Test(arguments: [
        ("martha", "marhta", 961_111), ("dwayne", "duane", 840_000), ("dixon", "dicksonx", 813_333),
        ("", "", 1_000_000), ("a", "", 0), ("abc", "xyz", 0), ("okello", "okello", 1_000_000),
    ])
    func publishedValues(first: String, second: String, similarity: Int) {
        let found = Self.kernel(Array(first.utf8), Array(second.utf8))
        #expect(abs(found - similarity) <= 1)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func equalsTheTextbook(seed: UInt64) {
        var random = RandomPeople(seed: seed)
        for _ in 0..<300 {
            let first = random.word(upTo: 31)
            let second = random.word(upTo: 31)
            #expect(Self.kernel(first, second) == Self.textbook(first, second))
        }
    }

    private static func kernel(_ first: [UInt8], _ second: [UInt8]) -> Int {
        var table = [UInt32](repeating: 0, count: PatternTable.length)
        return OSADistanceTests.withPointers(first, second, &table) { table, first, firstCount, second, secondCount in
            JaroWinkler.similarity(
                table: table,
                pattern: first,
                patternCount: firstCount,
                text: second,
                textCount: secondCount
            )
        }
    }

    /// Each character of the second text takes the first free equal one of the first within reach.
    private static func textbook(_ first: [UInt8], _ second: [UInt8]) -> Int {
        let first = first.map { $0 & 0x7F }
        let second = second.map { $0 & 0x7F }
        guard !first.isEmpty, !second.isEmpty else { return first.count == second.count ? 1_000_000 : 0 }
        let reach = max(max(first.count, second.count) / 2 - 1, 0)
        var taken = [Bool](repeating: false, count: first.count)
        var matchedSecond: [UInt8] = []
        for (index, character) in second.enumerated() {
            let low = max(0, index - reach)
            let high = min(first.count - 1, index + reach)
            guard low <= high, let place = (low...high).first(where: { !taken[$0] && first[$0] == character }) else {
                continue
            }
            taken[place] = true
            matchedSecond.append(character)
        }
        let common = matchedSecond.count
        guard common > 0 else { return 0 }
        let matchedFirst = first.indices.filter { taken[$0] }.map { first[$0] }
        let transpositions = zip(matchedFirst, matchedSecond).count { $0 != $1 } / 2
        let (a, b) = (first.count, second.count)
        let jaro =
            1_000_000 * (common * common * b + common * common * a + (common - transpositions) * a * b)
            / (3 * a * b * common)
        var prefix = 0
        while prefix < min(4, a, b), first[prefix] == second[prefix] { prefix += 1 }
        return jaro + prefix * (1_000_000 - jaro) / 10
    }
}
