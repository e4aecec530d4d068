import Identifiers
import Testing

@testable import Training

@Suite struct PersonSizesTests {
    /// Persons of given sizes, as the person of each record.
    private func persons(_ sizes: [Int: Int]) -> [UInt32] {
        var persons: [UInt32] = []
        var next: UInt32 = 0
        for (size, count) in sizes.sorted(by: { $0.key < $1.key }) {
            for _ in 0..<count {
                persons += [UInt32](repeating: next, count: size)
                next += 1
            }
        }
        return persons
    }

    @Test func sizesAreCounted() {
        #expect(PersonSizes(persons: [7, 7, 2, 9, 7, 9]).counts == [0, 1, 1, 1])
        #expect(PersonSizes(persons: []).counts == [0])
    }

    /// The odds are those of counting.
    ///
    /// Among all ways to part eight records into persons of the sizes 3, 2, 2 and 1 some have the first three as one
    /// person, some as persons of two and one.
    @Test func oddsAreThoseOfAllWaysToPart() {
        var ways: [[Int]] = [[]]
        for _ in 0..<8 {
            ways = ways.flatMap { way in (0...(way.max() ?? -1) + 1).map { way + [$0] } }
        }
        let wanted = ways.filter { way in
            (0...(way.max() ?? 0)).map { label in way.count { $0 == label } }.sorted() == [1, 2, 2, 3]
        }
        func isPerson(_ way: [Int], _ members: Set<Int>) -> Bool {
            Set(way.indices.filter { way[$0] == way[members.min() ?? 0] }) == members
        }
        let together = wanted.count { isPerson($0, [0, 1, 2]) }
        let apart = wanted.count { isPerson($0, [0, 1]) && isPerson($0, [2]) }
        // n(3) 3! / (n(2) 2! n(1) 1!) = 1 * 6 / (2 * 2 * 1 * 1)
        #expect(Double(together) / Double(apart) == 1.5)
    }

    @Test func whereNobodyHasThreeAThirdIsKeptOut() {
        let sizes = PersonSizes(persons: persons([1: 3_000, 2: 3_000]))
        let growth = sizes.growth(matches: 3_000)
        #expect(growth[0] == [.zero])
        #expect(growth[1][0].bits < -5)
        // A pair is likelier than chance has it, since half of all persons have another record.
        #expect(sizes.slack(matches: 3_000).bits == PersonSizes.pairMost)
    }

    @Test func whereEverybodyHasManyFragmentsGrowTogether() {
        let sizes = PersonSizes(persons: persons([2: 20, 3: 40, 4: 90, 5: 200, 6: 300, 7: 200, 8: 90]))
        let growth = sizes.growth(matches: 14_000)
        let sum = growth[2][2].bits + sizes.slack(matches: 14_000).bits + PersonSizes.caution
        #expect(abs(sum - PersonSizes.most) < 0.002)
    }

    @Test func whereDuplicatesAreRareAPairIsWorthWhatItWeighs() {
        let sizes = PersonSizes(persons: persons([1: 9_800, 2: 100]))
        #expect(sizes.slack(matches: 100).bits < 0.1)
        #expect(PersonSizes(persons: persons([1: 500])).slack(matches: 1).bits == 0)
    }

    @Test func growthHasTheShapeOfATable() {
        for growth in [PersonSizes(persons: []).growth(matches: 0), PersonSizes(persons: [0]).growth(matches: 1)] {
            #expect(growth.map(\.count) == [Int](1...PersonSizes.limit))
        }
    }
}
