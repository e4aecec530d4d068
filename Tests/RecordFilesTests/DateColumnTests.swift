import Demographics
import Testing

@testable import RecordFiles

@Suite struct DateColumnTests {
    private func dates(_ values: [String]) throws -> (dates: [String], notes: [String]) {
        let text = "record_id,dob\n" + values.enumerated().map { "\($0),\($1)\n" }.joined()
        var reader = try RecordFileReader(bytes: [UInt8](text.utf8))
        var dates: [String] = []
        while let item = try reader.next() {
            guard case .record(_, let record, _) = item else { continue }
            let date = PartialDate(record.birthDate)
            dates.append("\(date.year)-\(date.month)-\(date.day)")
        }
        return (dates, reader.columnNotes)
    }

    @Test func oneDayAboveTwelveTellsTheOrderOfAll() throws {
        let read = try dates(["03/04/1956", "25/12/1960", "1/2/60"])
        #expect(read.dates == ["1956-4-3", "1960-12-25", "1960-2-1"])
        #expect(read.notes.contains { $0.contains("day first: 1") })
    }

    @Test func theMonthComesFirstWhereNoneTells() throws {
        let read = try dates(["03/04/1956", "1/2/60"])
        #expect(read.dates == ["1956-3-4", "1960-1-2"])
        #expect(read.notes.contains { $0.contains("none tells the order") })
        #expect(try dates(["03/04/1956", "12/25/1960"]).dates == ["1956-3-4", "1960-12-25"])
    }

    /// One slip among many does not turn the column.
    @Test func mostDatesDecide() throws {
        let right = (13...28).map { "\($0)/04/1956" }
        #expect(try dates(["03/04/1956", "04/13/1970"] + right).dates.first == "1956-4-3")
        let american = (13...28).map { "04/\($0)/1956" }
        #expect(try dates(["03/04/1956", "13/04/1970"] + american).dates.first == "1956-3-4")
    }

    /// A proof beyond the rows looked at first counts as well.
    @Test func theWholeColumnIsRead() throws {
        let values = [String](repeating: "03/04/1956", count: DateColumn.firstLook + 10) + ["25/12/1960"]
        #expect(try dates(values).dates.first == "1956-4-3")
    }

    @Test func numbersOfDaysAreDates() throws {
        let read = try dates(["20820", "25569", "44197", "9000"] + [String](repeating: "20820", count: 10))
        #expect(read.dates.prefix(4) == ["1956-12-31", "1970-1-1", "2021-1-1", "1924-8-21"])
        #expect(try dates(["1956-12-31", "1956", "25569"]).dates[1] == "1956-0-0")
    }

    @Test func otherDatesStayAsTheyAre() throws {
        let read = try dates(["1956-12-31", "19561231", "31.12.1956", "31-12-1956", "1956"])
        #expect(read.dates == ["1956-12-31", "1956-12-31", "1956-12-31", "1956-12-31", "1956-0-0"])
        #expect(!read.notes.contains { $0.contains("birth dates") })
    }
}
