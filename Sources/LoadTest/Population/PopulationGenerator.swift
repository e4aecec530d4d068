/// An invented national population and the records that facilities hold of it.
///
///     let population = PopulationGenerator(people: 750_000, seed: 1)
///     try population.writeCSV { chunk in try file.write(chunk) }
///     let first = population[0]
///
/// A collection without storage: any record is computed from the seed when it is asked for, so a million cost no
/// memory, chunks can be made in parallel, and every machine makes the same. The order is shuffled: records of one
/// person lie anywhere. Names follow Zipf's law in fifteen naming cultures; households share family name, address,
/// phone and mother; twins share all but the given name.
public struct PopulationGenerator: RandomAccessCollection, Sendable {
    /// The largest population whose national identifiers stay unique.
    public static let peopleLimit = 100_000_000
    /// Most duplicates in a thousand records.
    public static let duplicatesLimit = 800

    /// How many people there are.
    public var people: Int { layout.people }
    /// What the population is made from.
    public let seed: UInt64
    /// Further records of a person already recorded, in a thousand records.
    public let duplicates: Int
    private let layout: PopulationLayout
    private let order: IndexPermutation
    private let entities: IndexPermutation
    private let factory: PersonFactory
    private let clerk: RecordClerk

    /// Describes a population.
    ///
    /// - Parameters:
    ///   - people: 1 ... `peopleLimit`.
    ///   - seed: equal seeds give equal populations.
    ///   - duplicates: further records of a person already recorded, in a thousand records; 0 ... `duplicatesLimit`.
    public init(people: Int, seed: UInt64, duplicates: Int = 250) {
        precondition(people > 0 && people <= PopulationGenerator.peopleLimit, "the number of people is out of range")
        precondition((0...PopulationGenerator.duplicatesLimit).contains(duplicates), "duplicates are out of range")
        self.seed = seed
        self.duplicates = duplicates
        layout = PopulationLayout(people: people, seed: seed, duplicates: duplicates)
        order = IndexPermutation(count: layout.recordCount, seed: seed)
        entities = IndexPermutation(count: people, seed: seed &+ 1)
        factory = PersonFactory(seed: seed)
        clerk = RecordClerk(seed: seed)
    }

    /// 0.
    public var startIndex: Int { 0 }
    /// How many records there are.
    public var endIndex: Int { layout.recordCount }

    /// Makes the record at a place of the shuffled order.
    public subscript(position: Int) -> SyntheticRecord {
        let entry = layout.entry(order[position])
        let person = factory.person(entry.person, home: layout.home(of: entry.person))
        var record = clerk.record(of: person, copy: entry.copy)
        record.recordID = PopulationGenerator.label("r", position)
        record.entityID = PopulationGenerator.label("e", entities[entry.person])
        return record
    }

    /// Writes the header and all records.
    ///
    /// - Parameters:
    ///   - range: which records; all where nil. The header comes with those that start at 0.
    ///   - write: takes chunks of about 64 KiB, each ending at a line end.
    /// - Throws: what `write` throws.
    public func writeCSV(_ range: Range<Int>? = nil, to write: ([UInt8]) throws -> Void) rethrows {
        var chunk: [UInt8] = []
        chunk.reserveCapacity(PopulationGenerator.chunkSize + 4_096)
        let range = range ?? indices
        if range.lowerBound == 0 {
            chunk.append(contentsOf: SyntheticRecord.columns.joined(separator: ",").utf8)
            chunk.append(UInt8(ascii: "\n"))
        }
        for position in range {
            self[position].appendCSV(to: &chunk)
            guard chunk.count >= PopulationGenerator.chunkSize else { continue }
            try write(chunk)
            chunk.removeAll(keepingCapacity: true)
        }
        if !chunk.isEmpty { try write(chunk) }
    }

    private static let chunkSize = 65_536

    /// A letter and at least eight digits.
    private static func label(_ letter: Unicode.Scalar, _ number: Int) -> String {
        let digits = Swift.max(8, String(number).utf8.count)
        var bytes = [UInt8](repeating: UInt8(ascii: letter), count: digits + 1)
        BirthDate.put(number, digits: digits, at: 1, in: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
