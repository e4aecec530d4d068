import ShardProtocol
import Testing

struct SpokenVersionsTests {
    @Test(arguments: [
        ("2-3", "2-3", 3), ("2-3", "2-2", 2), ("2-3", "3-4", 3), ("2-3", "4-5", nil), ("3-5", "1-2", nil),
    ])
    func theHighestThatBothSpeakIsSpoken(_ mine: String, _ theirs: String, _ common: UInt16?) throws {
        let (one, other) = (try #require(SpokenVersions(mine)), try #require(SpokenVersions(theirs)))
        #expect(one.common(with: other) == common)
        #expect(other.common(with: one) == common)
        #expect(one.description == mine)
    }

    @Test(arguments: ["", "2", "3-2", "2-3-4", "-", "a-b", "2-99999"])
    func whatIsNoRangeIsNone(_ text: String) { #expect(SpokenVersions(text) == nil) }

    @Test func onlyKnownVersionsCanBeAsked() {
        #expect(SpokenVersions(through: SpokenVersions.lowestKnown - 1) == nil)
        #expect(SpokenVersions(through: SpokenVersions.highestKnown + 1) == nil)
        #expect(SpokenVersions(through: SpokenVersions.highestKnown) == .all)
    }
}
