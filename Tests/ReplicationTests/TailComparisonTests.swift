import Identifiers
import ShardProtocol
import Testing

@testable import Replication

struct TailComparisonTests {
    private func tail(_ last: (UInt64, UInt64), previous: (UInt64, UInt64), through: UInt64 = 0) -> TailAnswer {
        TailAnswer(
            position: StorePosition(Epoch(9), 0),
            last: StorePosition(Epoch(last.0), last.1),
            previous: StorePosition(Epoch(previous.0), previous.1),
            through: Sequence(through),
            operations: []
        )
    }

    @Test func whoLacksTheLastMessageIsALaggard() throws {
        let found = try #require(
            TailComparison(
                [
                    ("a", tail((3, 6), previous: (3, 5), through: 40)),
                    ("b", tail((3, 7), previous: (3, 6), through: 41)),
                ],
                epoch: Epoch(9)
            )
        )
        #expect(found.foremost == "b")
        #expect(found.laggards == ["a"])
        #expect(found.behind == [])
        #expect(found.through == Sequence(41))
    }

    @Test func whoWasWipedOrPutBackIsBehind() throws {
        let found = try #require(
            TailComparison(
                [
                    ("a", tail((3, 7), previous: (3, 6))), ("b", tail((0, 0), previous: (0, 0))),
                    ("c", tail((3, 5), previous: (3, 4))),
                ],
                epoch: Epoch(9)
            )
        )
        #expect(found.foremost == "a")
        #expect(found.laggards == [])
        #expect(found.behind == ["b", "c"])
    }

    @Test func emptyReplicasAreEqual() throws {
        let found = try #require(
            TailComparison(
                [("a", tail((0, 0), previous: (0, 0))), ("b", tail((0, 0), previous: (0, 0)))],
                epoch: Epoch(9)
            )
        )
        #expect(found.laggards == [] && found.behind == [])
        #expect(TailComparison([], epoch: Epoch(9)) == nil)
    }
}
