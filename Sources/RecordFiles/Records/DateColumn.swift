import FHIR

/// How the birth dates of a column are written, told from all of its values.
///
/// `03/04/1956` alone may be of March or of April. Where others of its column can be read in one order only, it is read
/// in theirs; where none can, the month is first, as `PartialDate` has it. A spreadsheet that lost its formats leaves
/// days since 1900 in place of dates: a column of little else is one of such numbers.
struct DateColumn: Sendable {
    /// Rows looked at before a column without such dates is left alone.
    static let firstLook = 2_000
    /// One value in so many may be a slip that says the contrary.
    static let slips = 10
    /// The days of 1901 to 2099 as spreadsheets count them; what could be a year is one.
    private static let serials = 366...73_050
    /// Spreadsheets count from 30 December 1899.
    private static let serialOf1970 = 25_569

    private var values = 0
    private var slashed = 0
    private var dayFirst = 0
    private var monthFirst = 0
    private var numbers = 0

    /// Whether there is any date whose reading depends on the others.
    var isOpen: Bool { slashed > 0 || numbers > 0 }

    /// Whether dates with slashes have the day first.
    private var hasDayFirst: Bool { dayFirst > monthFirst * Self.slips }

    /// Whether the values are days since 1900.
    private var hasSerials: Bool { numbers > 0 && (values - numbers) * Self.slips <= values }

    /// Counts a value.
    mutating func add(_ bytes: ArraySlice<UInt8>) {
        guard !bytes.isEmpty else { return }
        values += 1
        if bytes.count == 5, bytes.allSatisfy({ (0x30...0x39).contains($0) }) { numbers += 1 }
        guard let parts = Self.slashed(bytes) else { return }
        slashed += 1
        if parts.first > 12 && parts.second <= 12 { dayFirst += 1 }
        if parts.second > 12 && parts.first <= 12 { monthFirst += 1 }
    }

    /// What to tell of the column; `nil` where there is nothing to decide.
    var note: String? {
        if hasSerials { return "birth dates are read as a spreadsheet's numbers of days" }
        guard slashed > 0 else { return nil }
        let (order, others) = hasDayFirst ? ("day", "month") : ("month", "day")
        let (pro, contra) = hasDayFirst ? (dayFirst, monthFirst) : (monthFirst, dayFirst)
        guard pro + contra > 0 else { return "birth dates like 03/04/1956 are read month first: none tells the order" }
        return
            "birth dates like 03/04/1956 are read \(order) first: \(pro) can be read so only, \(contra) \(others) first"
    }

    /// A date as records hold it.
    func recorded(_ text: String) -> String {
        if hasSerials, let number = Int(text), Self.serials.contains(number), !(1_850...2_100).contains(number) {
            return FHIRDate(daysSince1970: number - Self.serialOf1970)?.description ?? text
        }
        guard hasDayFirst, Self.slashed(Array(text.utf8)[...]) != nil else { return text }
        // With hyphens the day comes first.
        return String(text.map { $0 == "/" ? "-" : $0 })
    }

    /// The first two numbers of a date like `3/4/1956`.
    private static func slashed(_ bytes: ArraySlice<UInt8>) -> (first: Int, second: Int)? {
        let parts = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count == 3, (1...2).contains(parts[0].count), (1...2).contains(parts[1].count),
            let first = Int(String(decoding: parts[0], as: UTF8.self)),
            let second = Int(String(decoding: parts[1], as: UTF8.self))
        else { return nil }
        return (first, second)
    }
}
