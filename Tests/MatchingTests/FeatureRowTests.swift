import Bytes
import Demographics
import Identifiers
import RuleSets
import Testing

@testable import Matching

@Suite struct FeatureRowTests {
    private func record() -> SourceRecord {
        var record = SourceRecord(key: RecordKey(source: "s", value: "1"))
        record.names = [PersonName(given: ["Mary Ann"], middle: ["K"], family: "Baez Gallagher")]
        record.sex = "F"
        record.birthDate = "1985-03-09"
        record.identifiers = [PatientIdentifier(system: "ni", value: "CM77592947WXDB")]
        record.contacts = [
            ContactPoint(system: .phone, value: "0782733162"), ContactPoint(system: .email, value: "b@x.org"),
        ]
        record.addresses = [PostalAddress(line: "Plot 47 Butwatebo Road", city: "Ruiru", postalCode: "29805")]
        record.motherName = "Janet Lesuya"
        return record
    }

    @Test func valuesReadBack() {
        let values = RowValues(FeatureRow.encode(NormalisedRecord(record())))
        #expect(values.text(.givenName) == "mary ann")
        #expect(values.text(.middleName) == "k")
        #expect(values.text(.familyName) == "baez gallagher")
        #expect(values.text(.birthDate) == "1985-03-09")
        #expect(values.text(.sex) == "female")
        #expect(values.text(.identifier) == "cm77592947wxdb")
        #expect(values.text(.phone) == "782733162")
        #expect(values.text(.email) == "b@x.org")
        #expect(values.text(.address) == "47 butwatebo rd")
        #expect(values.text(.place) == "ruiru, 29805")
        #expect(values.text(.mother) == "janet lesuya")
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func recordsReadBackWithTheirKeys(seed: UInt64) throws {
        var people = RandomPeople(seed: seed)
        let keys = BlockingKeys(KeyPart.allCases.filter { $0 != .nameSpelling }.map { BlockingRule([$0]) })
        for _ in 0..<50 {
            let record = NormalisedRecord(people.next())
            let row = FeatureRow.encode(record)
            let back = try #require(FeatureRow.record(row[...]))
            #expect(keys.keys(of: back) == keys.keys(of: record))
        }
    }

    @Test func brokenRowsGiveNoRecord() {
        let row = FeatureRow.encode(NormalisedRecord(record()))
        #expect(FeatureRow.record(row.dropLast()) == nil)
        #expect(FeatureRow.record([]) == nil)
    }

    @Test func firstBytesAreFixed() {
        let row = FeatureRow.encode(NormalisedRecord(record()))
        #expect(Array(row.prefix(8)) == [3, 1, 0, 0, 0x45, 0xE4, 0x2E, 0x01])
        let source = UInt32(truncatingIfNeeded: KeyHash.hash("s")) | 1
        #expect(Array(row[8..<12]) == (0..<4).map { UInt8(truncatingIfNeeded: source >> (8 * $0)) })
        #expect(row.count < 300)
    }

    /// Rows of the version before have no source and are read as before.
    @Test func rowsWithoutSourceAreStillRead() throws {
        let row = FeatureRow.encode(NormalisedRecord(record()))
        let former = [FeatureRow.formerVersion] + row[1..<8] + row[12...]
        let back = try #require(FeatureRow.record(former[...]))
        #expect(back.source == 0)
        #expect(back.names == FeatureRow.record(row[...])?.names)
        let rules = try RuleSetFile.standardRules()
        let why = try Explanation(former, row, rules: rules)
        #expect(why.total == (try Explanation(row, row, rules: rules)).total)
    }

    @Test func whoNamesNoSourceHasNone() {
        #expect(NormalisedRecord(SourceRecord(key: RecordKey(source: "", value: "1"))).source == 0)
        #expect(NormalisedRecord(SourceRecord(key: RecordKey(source: "s", value: "1"))).source != 0)
    }

    @Test func aCutTextIsRefused() {
        let row = FeatureRow.encode(NormalisedRecord(record()))
        var whole = 0
        for count in FeatureRow.headerLength..<row.count {
            var view = FeatureView()
            if Array(row.prefix(count)).withUnsafeBytes({ view.index($0) }) { whole += 1 }
        }
        // A cut between two texts is a shorter row; a cut within one is an error.
        #expect(whole < 25)
    }

    @Test func endlessRecordsStayWithinTheLimit() {
        var record = record()
        let long = String(repeating: "Nyandengala-Kibaze ", count: 100)
        record.names = (0..<50).map { PersonName(given: ["\(long)\($0)"], middle: [long], family: long) }
        record.contacts = (0..<50).map { ContactPoint(system: .email, value: "\(long)\($0)@\(long).org") }
        record.addresses = (0..<50).map { PostalAddress(line: "\($0) \(long)", city: long, district: long) }
        let row = FeatureRow.encode(NormalisedRecord(record))
        #expect(row.count <= FeatureRow.lengthLimit)
        var view = FeatureView()
        let readable = row.withUnsafeBytes { view.index($0) }
        #expect(readable)
    }

    @Test func otherVersionsAreRefused() {
        var row = FeatureRow.encode(NormalisedRecord(record()))
        row[0] = 1
        var view = FeatureView()
        let readable = row.withUnsafeBytes { view.index($0) }
        #expect(!readable)
    }
}
