/// The frequency tables that all households draw from; made once.
struct PopulationTables: Sendable {
    private let cultures: [Int]
    private let given: ZipfTable
    private let family: ZipfTable
    private let street: ZipfTable
    private let place: ZipfTable

    static let shared = PopulationTables()

    private init() {
        var sum = 0
        cultures = NamingCulture.all.map { culture in
            sum += culture.share
            return sum
        }
        // The shifts give the first given name about 5 % of its list and the first family name about 1.2 %, as
        // electoral rolls show; villages are flatter, cities steeper.
        given = ZipfTable(count: NameStock.givenCount, shift: 4)
        family = ZipfTable(count: NameStock.familyCount, shift: 15)
        street = ZipfTable(count: NameStock.streetCount, shift: 30)
        place = ZipfTable(count: 12, shift: 1)
    }

    func drawCulture(_ random: inout SeededRandom) -> Int {
        let value = random.below(cultures[cultures.count - 1])
        return cultures.firstIndex { value < $0 } ?? 0
    }

    func drawGiven(_ count: Int, _ random: inout SeededRandom) -> Int { draw(given, count, &random) }
    func drawFamily(_ stock: NameStock, _ random: inout SeededRandom) -> Int {
        draw(family, stock.family.count, &random)
    }
    func drawStreet(_ count: Int, _ random: inout SeededRandom) -> Int { draw(street, count, &random) }
    func drawPlace(_ count: Int, _ random: inout SeededRandom) -> Int { draw(place, count, &random) }

    /// Draws again where a stock is smaller than its table.
    private func draw(_ table: ZipfTable, _ count: Int, _ random: inout SeededRandom) -> Int {
        while true {
            let rank = table.draw(&random)
            if rank < count { return rank }
        }
    }
}
