/// A FHIR `date`: a year, a month of a year, or a day that exists in the Gregorian calendar.
public struct FHIRDate: Sendable, Hashable {
    /// Why a text is no FHIR date.
    public enum Fault: Error, Sendable, Hashable, CustomStringConvertible {
        /// The text does not have the form of a date.
        case form
        /// The text does not have the form of a date with time and zone.
        case timeForm
        /// The form is right, but there is no such day, month or year.
        case notInCalendar
        /// The form is right, but there is no such time of day or zone.
        case notOnClock

        /// What is wrong and what would be right.
        public var description: String {
            switch self {
            case .form: "not a date; expected YYYY, YYYY-MM or YYYY-MM-DD"
            case .timeForm: "not a dateTime; expected a date or YYYY-MM-DDThh:mm:ss with Z or ±hh:mm"
            case .notInCalendar: "the date does not exist in the calendar"
            case .notOnClock: "the time of day does not exist"
            }
        }
    }

    /// Year, 1 to 9999.
    public let year: Int
    /// Month, 1 to 12; 0 when only the year is known.
    public let month: Int
    /// Day of the month, from 1; 0 when it is not known.
    public let day: Int

    /// A date that exists, or `nil`.
    ///
    /// An unknown month or day is 0; a day needs a month.
    public init?(year: Int, month: Int = 0, day: Int = 0) {
        guard (1...9_999).contains(year), (0...12).contains(month), day >= 0 else { return nil }
        guard day <= (month == 0 ? 0 : Self.days(inMonth: month, of: year)) else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// Reads `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    ///
    /// - Throws: `Fault` where the text is anything else.
    public init(parsing text: String) throws(Fault) {
        let utf8 = Array(text.utf8)
        try self.init(parsing: utf8.span.bytes)
    }

    /// Reads a date from its bytes.
    ///
    /// - Throws: `Fault` where they are anything else.
    init(parsing utf8: RawSpan) throws(Fault) {
        let length = utf8.byteCount
        guard length == 4 || length == 7 || length == 10 else { throw .form }
        let dash = UInt8(ascii: "-")
        guard length < 7 || Self.byte(utf8, 4) == dash, length < 10 || Self.byte(utf8, 7) == dash else { throw .form }
        let year = try Self.number(utf8, 0..<4)
        let month = length < 7 ? 0 : try Self.number(utf8, 5..<7)
        let day = length < 10 ? 0 : try Self.number(utf8, 8..<10)
        guard length < 7 || month > 0, length < 10 || day > 0,
            let date = FHIRDate(year: year, month: month, day: day)
        else { throw .notInCalendar }
        self = date
    }

    private static func byte(_ utf8: RawSpan, _ index: Int) -> UInt8 {
        utf8.unsafeLoad(fromByteOffset: index, as: UInt8.self)
    }

    private static func number(_ utf8: RawSpan, _ range: Range<Int>) throws(Fault) -> Int {
        var value = 0
        for index in range {
            let digit = Int(byte(utf8, index)) - 0x30
            guard (0...9).contains(digit) else { throw .form }
            value = value * 10 + digit
        }
        return value
    }

    /// Number of days in a month of the proleptic Gregorian calendar.
    static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }
}

extension FHIRDate {
    /// The day that lies so many days after 1970-01-01; `nil` outside of the years 1 to 9999.
    public init?(daysSince1970 days: Int) {
        let (year, month, day) = Self.civil(fromDays: days)
        self.init(year: year, month: month, day: day)
    }

    /// Day number to calendar date, in eras of 400 years that begin in March.
    ///
    /// Source: Howard Hinnant, "chrono-compatible low-level date algorithms", `civil_from_days`.
    static func civil(fromDays days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}

extension FHIRDate: CustomStringConvertible {
    /// The date as FHIR writes it.
    public var description: String {
        var text = Self.padded(year, to: 4)
        if month > 0 { text += "-" + Self.padded(month, to: 2) }
        if day > 0 { text += "-" + Self.padded(day, to: 2) }
        return text
    }

    static func padded(_ value: Int, to width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
