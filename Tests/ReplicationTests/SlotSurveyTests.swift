import Identifiers
import ShardProtocol
import Testing

@testable import Replication

struct SlotSurveyTests {
    /// A survey of slots 0..<16: each holds so many rows, those named differ.
    private func survey(rows: Int, differing: Set<Int>) throws -> SlotSurvey {
        var survey = SlotSurvey()
        let request = DigestRequest(first: try #require(Slot(0)), count: 16)
        let source = (0..<16).map { _ in
            var digest = SlotDigest()
            for row in 0..<rows { digest.add(.home, StoreKey(UInt64(row)), [1]) }
            return digest
        }
        let target = (0..<16).map { slot in
            var digest = source[slot]
            if differing.contains(slot) { digest.add(.home, StoreKey(99), [2]) }
            return digest
        }
        survey.differing = survey.note(request, source: source, target: target)
        return survey
    }

    private func places(_ ranges: [ClosedRange<Slot>]) -> [ClosedRange<Int>] {
        ranges.map { Int($0.lowerBound.rawValue)...Int($0.upperBound.rawValue) }
    }

    @Test func slotsWithLittleBetweenThemAreWalkedTogether() throws {
        let survey = try survey(rows: 2, differing: [1, 2, 5, 12])
        #expect(survey.differing.map(\.rawValue) == [1, 2, 5, 12])
        #expect(places(survey.ranges(gap: 0)) == [1...2, 5...5, 12...12])
        #expect(places(survey.ranges(gap: 4)) == [1...5, 12...12])
        #expect(places(survey.ranges(gap: 100)) == [1...12])
    }

    @Test func windowsCoverEverySlotThatDiffers() throws {
        let survey = try survey(rows: 1, differing: [0, 3, 4, 9, 15])
        for count in 1...16 {
            let windows = survey.windows(of: count)
            for slot in survey.differing { #expect(windows.contains { $0.slots.contains(slot) }) }
        }
        #expect(survey.windows(of: 5).map { Int($0.first.rawValue) } == [0, 9, 15])
        #expect(SlotSurvey().windows(of: 5).isEmpty)
    }

    @Test func moreSlotsAreAskedForWhereTheyHoldLittle() throws {
        #expect(SlotSurvey().step(rows: 100, first: 16) == 16)
        #expect(try survey(rows: 0, differing: []).step(rows: 100, first: 16) == DigestRequest.slotLimit)
        #expect(try survey(rows: 10, differing: []).step(rows: 100, first: 16) == 10)
        #expect(try survey(rows: 1_000, differing: []).step(rows: 100, first: 16) == 1)
    }
}
