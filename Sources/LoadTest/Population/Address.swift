/// Where a household lives.
struct Address: Equatable, Sendable {
    var line: String
    var city: String
    var district: String
    var postalCode: String

    private static let kinds = ["Road", "Street", "Avenue", "Lane", "Close", "Crescent"]
    private static let areas = ["Village", "Zone", "Estate", "Quarter", "Ward"]

    init(stock: NameStock, tables: PopulationTables, random: inout SeededRandom) {
        let place = stock.places[tables.drawPlace(stock.places.count, &random)]
        city = place.city
        district = place.district
        let street = tables.drawStreet(stock.streets.count, &random)
        postalCode = String(place.postalPrefix * 1_000 + street % 40 * 5)
        let name = stock.streets[street]
        switch random.below(10) {
        case 0..<4:
            line = "Plot \(1 + random.below(240)) \(name) \(Address.kinds[random.below(Address.kinds.count)])"
        case 4..<6: line = "\(1 + random.below(900)) \(name) \(Address.kinds[random.below(Address.kinds.count)])"
        case 6: line = "P.O. Box \(1 + random.below(9_000))"
        default: line = "\(name) \(Address.areas[random.below(Address.areas.count)])"
        }
    }
}
