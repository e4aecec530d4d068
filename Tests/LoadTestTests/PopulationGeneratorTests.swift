import Demographics
import Foundation
import Identifiers
import LoadTest
import Testing

@Suite struct PopulationGeneratorTests {
    static let population = PopulationGenerator(people: 3_000, seed: 7)

    private static func csv(_ population: PopulationGenerator, _ range: Range<Int>? = nil) -> [UInt8] {
        var bytes: [UInt8] = []
        population.writeCSV(range) { bytes += $0 }
        return bytes
    }

    /// FNV-1a over the file: a population is named by its seed, so the bytes may not change by accident.
    ///
    /// Where the generator was changed on purpose, put the new number here and say so in the change log.
    @Test func aSeedMeansTheSameEverywhere() {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in Self.csv(Self.population) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        #expect(hash == 1_856_045_396_155_922_005)
    }

    @Test func itStartsWithTheHeaderOfTheDevelopmentSets() {
        let text = String(decoding: Self.csv(Self.population, 0..<1), as: UTF8.self)
        let lines = text.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(
            lines.first
                == """
                record_id,source,entity_id,given_name,middle_name,family_name,sex,birth_date,phone,national_id,email,\
                address_line,city,district,postal_code,mother_name
                """
        )
        #expect(lines.last?.split(separator: ",", omittingEmptySubsequences: false).count == 16)
    }

    @Test func piecesOfTheFileAreTheFile() {
        let whole = Self.csv(Self.population)
        let pieces = Self.csv(Self.population, 0..<1_700) + Self.csv(Self.population, 1_700..<Self.population.count)
        #expect(whole == pieces)
    }

    @Test func recordsAreUniqueAndAQuarterAreDuplicates() {
        #expect(Self.population.count == 4_000)
        #expect(Set(Self.population.map(\.recordID)).count == 4_000)
        #expect(Set(Self.population.map(\.entityID)).count == 3_000)
    }

    @Test(arguments: [0, 100, 500, 800])
    func duplicatesAreAsAskedFor(permille: Int) {
        let population = PopulationGenerator(people: 1_000, seed: 3, duplicates: permille)
        #expect(population.count == 1_000 * 1_000 / (1_000 - permille))
        #expect(Set(population.map(\.entityID)).count == 1_000)
    }

    @Test(arguments: [1, 2, 63, 64, 65, 127, 130])
    func smallPopulationsAreWhole(people: Int) {
        let population = PopulationGenerator(people: people, seed: 11)
        #expect(Set(population.map(\.entityID)).count == people)
        #expect(population.count == people + people / 3)
    }

    @Test func seedsDiffer() {
        let other = PopulationGenerator(people: 3_000, seed: 8)
        let same = zip(Self.population, other).count { $0.familyName == $1.familyName && $0.givenName == $1.givenName }
        #expect(same < 40)
    }

    /// Records of one person must not lie side by side: loaders would see an unreal stream.
    @Test func duplicatesAreSpreadOverTheFile() {
        var first: [String: Int] = [:]
        var gaps = 0
        var near = 0
        for (position, record) in Self.population.enumerated() {
            if let earlier = first[record.entityID] {
                gaps += 1
                if position - earlier < 40 { near += 1 }
            }
            first[record.entityID] = position
        }
        #expect(gaps == 1_000)
        // By chance alone two in a hundred lie within forty of four thousand.
        #expect(near < 60)
    }

    @Test func nationalIdentifiersBelongToOnePerson() {
        var owners: [String: String] = [:]
        var shared = 0
        for record in PopulationGenerator(people: 12_000, seed: 5) where !record.nationalIdentifier.isEmpty {
            let owner = owners[record.nationalIdentifier] ?? record.entityID
            owners[record.nationalIdentifier] = owner
            if owner != record.entityID { shared += 1 }
        }
        #expect(owners.count > 2_000)
        // A slip of the pen may hit another's number, nothing else may.
        #expect(shared <= 3)
    }

    @Test func aPopulationLooksLikeOne() {
        let records = Array(PopulationGenerator(people: 12_000, seed: 1))
        func share(_ isSo: (SyntheticRecord) -> Bool) -> Double {
            Double(records.count(where: isSo)) / Double(records.count)
        }
        #expect((0.18...0.30).contains(share { !$0.nationalIdentifier.isEmpty }))
        #expect((0.08...0.16).contains(share { $0.birthDate.hasSuffix("-01-01") }))
        #expect((0.01...0.04).contains(share { $0.birthDate.isEmpty }))
        #expect((0.60...0.85).contains(share { !$0.phone.isEmpty }))
        #expect((0.45...0.55).contains(share { $0.sex.lowercased().hasPrefix("f") }))
        #expect((0.35...0.60).contains(share { $0.birthDate > "2007" && $0.birthDate < "2026" }))
        let families = Dictionary(grouping: records) { $0.familyName.lowercased() }
        #expect(families.count > 3_500)
        let most = families.filter { !$0.key.isEmpty }.values.map(\.count).max() ?? 0
        #expect((25...160).contains(most))
    }

    /// What makes linkage hard: relatives that agree in all but the given name.
    @Test func householdsShareNameAddressAndPhone() {
        let records = PopulationGenerator(people: 6_000, seed: 2, duplicates: 0).filter {
            !$0.addressLine.isEmpty && !$0.phone.isEmpty && !$0.familyName.isEmpty
        }
        let homes = Dictionary(grouping: records) {
            "\($0.addressLine.lowercased())|\($0.city)|\($0.familyName.lowercased())|\($0.phone.suffix(9))"
        }
        let relatives = homes.values.filter { $0.count > 1 }.map(\.count).reduce(0, +)
        #expect(relatives > records.count / 20)
    }

    @Test func twinsAreBornTogether() {
        let records = PopulationGenerator(people: 10_000, seed: 2, duplicates: 0).filter {
            !$0.familyName.isEmpty && !$0.city.isEmpty && !$0.birthDate.hasSuffix("-01-01")
        }
        let births = Dictionary(grouping: records) {
            "\($0.birthDate)|\($0.city)|\($0.familyName.lowercased())"
        }
        let twins = births.values.filter { $0.count == 2 }
        #expect((30...200).contains(twins.count))
        let sameName = twins.count { $0[0].givenName.lowercased() == $0[1].givenName.lowercased() }
        #expect(sameName <= twins.count / 20)
        #expect(records.contains { ["wasswa", "babirye", "opiyo"].contains($0.givenName.lowercased()) })
    }

    @Test func csvQuotesWhatNeedsIt() {
        var record = SyntheticRecord()
        record.recordID = "r1"
        record.familyName = "O\"Hara, Jr"
        var bytes: [UInt8] = []
        record.appendCSV(to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "r1,,,,,\"O\"\"Hara, Jr\",,,,,,,,,,\n")
    }

    @Test func aSourceRecordCarriesEverythingButTheTruth() throws {
        let record = try #require(
            Self.population.first { !$0.nationalIdentifier.isEmpty && !$0.email.isEmpty && !$0.city.isEmpty }
        )
        let source = record.sourceRecord()
        #expect(source.key.source == record.source)
        #expect(source.key.value == record.recordID)
        #expect(source.names.first?.family == record.familyName)
        #expect(source.birthDate == record.birthDate)
        #expect(source.identifiers.first?.value == record.nationalIdentifier)
        #expect(source.contacts.contains { $0.value == record.email })
        #expect(source.addresses.first?.city == record.city)
        #expect(!String(describing: source).contains(record.entityID))
    }

    // Beside tests that start programs the monitor of exit tests takes turns with their zombies for ever: run it alone.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["TESSERA_EXIT_TESTS"] != nil))
    func impossibleSizesAreRefused() async {
        await #expect(processExitsWith: .failure) { _ = PopulationGenerator(people: 0, seed: 1) }
        await #expect(processExitsWith: .failure) { _ = PopulationGenerator(people: 1, seed: 1, duplicates: 900) }
    }
}
