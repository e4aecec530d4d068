public import Demographics
public import Identifiers

/// A few people who are sent again and again, with errors: small enough that everything meets everything.
public struct SimulatedPopulation: Sendable {
    private static let given = ["Amina", "Joseph", "Grace", "Peter", "Fatuma", "Samuel", "Ruth", "Musa"]
    private static let family = ["Okello", "Wanjiru", "Mwangi", "Banda", "Dlamini", "Achieng"]
    private static let cities = ["Gulu", "Kisumu", "Lusaka", "Durban"]

    /// One human being.
    public struct Human: Sendable {
        var given: String
        var family: String
        var birthDate: String
        var sex: String
        var phone: String
        var nationalID: String
        var city: String
    }

    /// The people.
    public let humans: [Human]

    /// Draws people.
    public init(count: Int, random: inout SimulationRandom) {
        humans = (0..<count).map { index in
            let year = 1950 + Int(random.next(below: 60))
            let month = 1 + Int(random.next(below: 12))
            let day = 1 + Int(random.next(below: 28))
            return Human(
                given: Self.given[Int(random.next(below: UInt64(Self.given.count)))],
                family: Self.family[Int(random.next(below: UInt64(Self.family.count)))],
                birthDate: "\(year)-\(Self.two(month))-\(Self.two(day))",
                sex: index % 2 == 0 ? "F" : "M",
                phone: "07\(10_000_000 + random.next(below: 89_999_999))",
                nationalID: "CF\(1_000_000 + random.next(below: 8_999_999))",
                city: Self.cities[Int(random.next(below: UInt64(Self.cities.count)))]
            )
        }
    }

    /// What one source says about one of the people: something left out, something mistyped, by chance.
    public func record(_ human: Int, key: RecordKey, random: inout SimulationRandom) -> SourceRecord {
        let truth = humans[human]
        var record = SourceRecord(key: key)
        var given = truth.given
        if random.chance(150), given.count > 3 { given.removeLast() }
        record.names = [PersonName(given: [given], family: random.chance(50) ? "" : truth.family)]
        record.sex = random.chance(100) ? "" : truth.sex
        record.birthDate = random.chance(100) ? String(truth.birthDate.prefix(4)) : truth.birthDate
        if !random.chance(300) { record.contacts = [ContactPoint(system: .phone, value: truth.phone)] }
        if !random.chance(400) {
            record.identifiers = [
                PatientIdentifier(system: "urn:tessera:national-id", value: truth.nationalID, type: "NI")
            ]
        }
        record.addresses = [PostalAddress(city: truth.city)]
        return record
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
