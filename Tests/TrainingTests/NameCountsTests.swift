import Demographics
import Identifiers
import Matching
import Testing

@testable import Training

@Suite struct NameCountsTests {
    private func counts() -> NameCounts {
        var counts = NameCounts()
        for number in 0..<64 {
            var record = SourceRecord(key: RecordKey(source: "s", value: "\(number)"))
            let given = number < 32 ? "Mary" : number < 48 ? "Ánne Marie" : "Rare\(number)"
            record.names = [PersonName(given: [given], family: "Okello")]
            for name in FeatureRow.encode(NormalisedRecord(record)).withUnsafeBytes({ FeatureRow.names($0) }) {
                counts.add(given: name.given, family: name.family)
            }
        }
        return counts
    }

    @Test func commonNamesProveLessThanRareOnes() throws {
        let table = counts().frequencies(against: "stranger")
        let mary = try #require(table.givenNames["mary"])
        let anne = try #require(table.givenNames["annemarie"])
        let other = try #require(table.otherGivenName)
        // sum of squares (32² + 16² + 16)/64² against 32/64: log2(1296/64/32)
        #expect(mary == -660)
        #expect(anne == 340)
        #expect(other > anne)
        #expect(table.familyNames["okello"] == nil || table.familyNames["okello"] == 0)
    }

    @Test func countsAddUp() {
        var twice = counts()
        twice.merge(counts())
        let table = twice.frequencies(against: "stranger")
        #expect(table.givenNames["mary"] == counts().frequencies(against: "stranger").givenNames["mary"])
    }
}
