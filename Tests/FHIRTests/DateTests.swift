import FHIR
import Testing

/// Dates of three precisions, days that exist, times with zones.
@Suite struct DateTests {
    @Test(arguments: [
        "0001", "1990", "9999", "1990-01", "1990-12", "1990-01-31", "2000-02-29", "2024-02-29", "1990-04-30",
    ])
    func `a date that exists is read and written the same`(text: String) throws {
        #expect(try FHIRDate(parsing: text).description == text)
        #expect(try FHIRDateTime(parsing: text).date.description == text)
    }

    @Test(arguments: [
        "0000", "1990-00", "1990-13", "1990-01-00", "1990-01-32", "1990-02-29", "1900-02-29", "2023-02-29",
        "1990-04-31",
        "1990-06-31", "1990-09-31", "1990-11-31",
    ]) func `a day that does not exist is refused`(text: String) {
        #expect(throws: FHIRDate.Fault.notInCalendar) { try FHIRDate(parsing: text) }
    }

    @Test(arguments: [
        "", "1", "199", "19900", "1990-", "1990-1", "1990-1-1", "90-01-01", "1990/01/01", "01-01-1990", "1990-0l-05",
        "1990-01-05 ", " 1990-01-05", "1990-01-5x", "+990", "-990", "199０", "1990-01-01T00:00:00Z", "1990_01",
        "199-01-01",
    ]) func `what has not the form of a date is refused`(text: String) {
        #expect(throws: FHIRDate.Fault.form) { try FHIRDate(parsing: text) }
    }

    @Test(arguments: [
        "2024-05-01T10:00:00Z", "2024-05-01T10:00:00.123456Z", "2024-05-01T23:59:60Z", "2024-05-01T10:00:00+03:00",
        "2024-05-01T10:00:00.5-11:30", "2024-05-01T00:00:00+14:00",
    ]) func `a time with its zone is kept as written`(text: String) throws {
        let value = try FHIRDateTime(parsing: text)
        #expect(value.text == text)
        #expect(value.date == FHIRDate(year: 2024, month: 5, day: 1))
    }

    @Test(arguments: [
        "2024-05-01T10:00:00", "2024-05-01T10:00Z", "2024-05-01T", "2024-05T10:00:00Z", "2024-05-01T10:00:00.Z",
        "2024-05-01T10:00:00+3", "2024-05-01T10:00:00+0300", "2024-05-01T1:00:00Z", "2024-05-01T10:00:00Zx",
        "2024-05-01T10-00-00Z", "2024-05-01Tab:cd:efZ", "2024-05-01T10:00:00 Z",
    ]) func `a time without its form is refused`(text: String) {
        #expect(throws: FHIRDate.Fault.timeForm) { try FHIRDateTime(parsing: text) }
    }

    @Test(arguments: [
        "2024-05-01T24:00:00Z", "2024-05-01T10:60:00Z", "2024-05-01T10:00:61Z", "2024-05-01T10:00:00+15:00",
        "2024-05-01T10:00:00+03:60",
    ]) func `a time that no clock shows is refused`(text: String) {
        #expect(throws: FHIRDate.Fault.notOnClock) { try FHIRDateTime(parsing: text) }
    }

    /// Seconds since 1970 and the instant as `date -u` prints it.
    static let instants: [(Int64, String)] = [
        (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (1_709_251_199_999, "2024-02-29T23:59:59.999Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        (-2_208_988_800_000, "1900-01-01T00:00:00.000Z"), (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        (-62_135_596_800_000, "0001-01-01T00:00:00.000Z"), (Int64.max, "9999-12-31T23:59:59.999Z"),
        (Int64.min, "0001-01-01T00:00:00.000Z"), (1_714_557_601_007, "2024-05-01T10:00:01.007Z"),
    ]

    @Test(arguments: instants) func `an instant is told in UTC`(milliseconds: Int64, text: String) throws {
        #expect(FHIRInstant(milliseconds: milliseconds).description == text)
        _ = try FHIRDateTime(parsing: text)
    }
}
