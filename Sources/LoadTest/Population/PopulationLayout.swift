/// Which person a record is of, which household a person lives in: answered for any number without memory.
///
/// People come in blocks of 64; a block draws its households and its duplicates from its own random source. So a
/// record in the middle of ten million is found by looking at its block alone.
struct PopulationLayout: Sendable {
    /// A person's place in a household.
    struct Home: Equatable, Sendable {
        /// Number of the household; the first person in it has the same number.
        var household: Int
        /// 0 for the head.
        var position: Int
        var size: Int
    }

    /// A record's person and which of the person's records it is.
    struct Entry: Equatable, Sendable {
        var person: Int
        /// 0 for the first record.
        var copy: Int
    }

    static let blockSize = 64
    /// Households of 1 ...
    ///
    /// 9 in thousandths, cumulative.
    private static let sizeShares = [110, 240, 400, 570, 725, 845, 930, 975, 1_000]

    let people: Int
    let seed: UInt64
    /// Duplicates in a thousand records.
    let duplicates: Int

    init(people: Int, seed: UInt64, duplicates: Int) {
        self.people = people
        self.seed = seed
        self.duplicates = duplicates
    }

    var recordCount: Int { people + duplicateCount(before: people) }

    /// Duplicates of all people before a number.
    private func duplicateCount(before person: Int) -> Int { person * duplicates / (1_000 - duplicates) }

    private func blockBounds(_ block: Int) -> (first: Int, count: Int) {
        let first = block * PopulationLayout.blockSize
        return (first, min(PopulationLayout.blockSize, people - first))
    }

    func home(of person: Int) -> Home {
        let block = person / PopulationLayout.blockSize
        let (first, count) = blockBounds(block)
        var random = SeededRandom(seed: seed, .layout, block)
        var start = 0
        while true {
            let share = random.below(1_000)
            var size = 1
            while PopulationLayout.sizeShares[size - 1] <= share { size += 1 }
            size = min(size, count - start)
            if first + start + size > person {
                return Home(household: first + start, position: person - first - start, size: size)
            }
            start += size
        }
    }

    /// The person of a record; records of a block come after those of the block before.
    func entry(_ record: Int) -> Entry {
        precondition(record >= 0 && record < recordCount, "a record outside the population")
        var block = record * (1_000 - duplicates) / 1_000 / PopulationLayout.blockSize
        func start(_ block: Int) -> Int {
            let first = min(people, block * PopulationLayout.blockSize)
            return first + duplicateCount(before: first)
        }
        while start(block) > record { block -= 1 }
        while start(block + 1) <= record { block += 1 }
        let (first, count) = blockBounds(block)
        let offset = record - start(block)
        guard offset >= count else { return Entry(person: first + offset, copy: 0) }
        return duplicate(offset - count, block: block, first: first, count: count)
    }

    /// Two in five duplicates are of the person who was just duplicated, so that some people have many records.
    private func duplicate(_ number: Int, block: Int, first: Int, count: Int) -> Entry {
        var random = SeededRandom(seed: seed, .duplicates, block)
        var copies = [UInt8](repeating: 0, count: count)
        var person = 0
        for index in 0...number {
            if index == 0 || !random.chance(400) { person = random.below(count) }
            copies[person] += 1
        }
        return Entry(person: first + person, copy: Int(copies[person]))
    }
}
