/// A date as far as it is known: year, month and day in decimal places, unknown parts 0.
///
/// Impossible dates such as `1985-13-08` keep their digits, since they still say something about the person: most are
/// a swap of day and month or one wrong key.
public struct PartialDate: Hashable, Sendable {
    /// `year * 10_000 + month * 100 + day`; 0 where nothing is known.
    public var packed: UInt32

    /// Nothing is known.
    public static let unknown = PartialDate(packed: 0)

    /// Wraps a packed date.
    @inlinable
    public init(packed: UInt32) { self.packed = packed }

    /// 0 where unknown.
    @inlinable public var year: Int { Int(packed / 10_000) }
    /// 0 where unknown; may exceed 12 in an impossible date.
    @inlinable public var month: Int { Int(packed / 100 % 100) }
    /// 0 where unknown; may exceed the month's length in an impossible date.
    @inlinable public var day: Int { Int(packed % 100) }

    /// True where year, month and day are all present.
    public var isFull: Bool { year != 0 && month != 0 && day != 0 }

    /// True where the date occurs in the calendar and lies in 1850...2100, or is partial and plausible.
    public var isPlausible: Bool {
        guard (1_850...2_100).contains(year), month <= 12 else { return false }
        guard month != 0 else { return day == 0 }
        return day <= PartialDate.length(ofMonth: month, year: year)
    }

    /// True for 1 January (and 1 July): what clerks write where only the year (or half-year) is known.
    public var isDefault: Bool { day == 1 && (month == 1 || month == 7) }

    /// Years of two digits below this are of this century.
    ///
    /// A constant, since a registry's answer may not depend on
    /// the day on which it is asked.
    static let centuryPivot = 29

    /// Reads a date as a source wrote it.
    ///
    /// Accepted: `YYYY`, `YYYY-MM`, `YYYY-MM-DD`, `YYYYMMDD`, `DD-MM-YYYY`, `MM/DD/YYYY`, two-digit years, any
    /// separators, months by name (`3 Mar 1985`, `Março 3, 1985`), the letters `o`, `l` and `i` in place of 0 and 1.
    /// Where day and month could be either, slashes mean the month first. Everything else is `unknown`.
    public init(_ text: String) {
        var groups: InlineArray<3, Int> = [0, 0, 0]
        var digits: InlineArray<3, Int> = [0, 0, 0]
        var group = 0
        var slashes = false
        var inGroup = false
        var month = 0
        var copy = text
        let readable = copy.withUTF8 { bytes in
            var index = 0
            reading: while index < bytes.count {
                let byte = bytes[index]
                let letters = MonthName.length(bytes, at: index)
                // Letters that stand for digits do so where no other letter is beside them.
                let isNumber =
                    letters == 0 || (index..<index + letters).allSatisfy { PartialDate.digit(bytes[$0]) != nil }
                if isNumber, let digit = PartialDate.digit(byte) {
                    guard group < 3, digits[group] < 8 else { return false }
                    groups[group] = groups[group] * 10 + digit
                    digits[group] += 1
                    inGroup = true
                    index += 1
                    continue
                }
                if inGroup {
                    // A time of day may follow the date.
                    if group == (month == 0 ? 2 : 1) || byte == UInt8(ascii: "T") && letters == 1 { break reading }
                    slashes = slashes || byte == UInt8(ascii: "/")
                    group += 1
                    inGroup = false
                }
                if !isNumber, month == 0 { month = MonthName.month(bytes, index..<index + letters) }
                index += isNumber ? 1 : max(1, letters)
            }
            return digits[0] > 0
        }
        guard readable else {
            packed = 0
            return
        }
        packed =
            month == 0
            ? PartialDate.assemble(groups, digits, slashes: slashes) : PartialDate.assemble(groups, digits, month)
    }

    private static func digit(_ byte: UInt8) -> Int? {
        switch byte {
        case 0x30...0x39: Int(byte) - 0x30
        case UInt8(ascii: "o"), UInt8(ascii: "O"): 0
        case UInt8(ascii: "l"), UInt8(ascii: "i"), UInt8(ascii: "I"): 1
        default: nil
        }
    }

    /// A date whose month is a name: a day and a year in either order, or one of them.
    private static func assemble(
        _ groups: InlineArray<3, Int>,
        _ digits: InlineArray<3, Int>,
        _ month: Int
    ) -> UInt32 {
        switch (digits[0], digits[1]) {
        case (1...2, 4): pack(groups[1], month, groups[0])
        case (4, 0...2): pack(groups[0], month, groups[1])
        case (1...2, 2): pack(century(groups[1]), month, groups[0])
        case (2, 0) where groups[0] > 31: pack(century(groups[0]), month, 0)
        case (1...2, 0): pack(0, month, groups[0])
        default: 0
        }
    }

    private static func assemble(_ groups: InlineArray<3, Int>, _ digits: InlineArray<3, Int>, slashes: Bool) -> UInt32
    {
        switch (digits[0], digits[1], digits[2]) {
        case (8, 0, 0):
            return UInt32(groups[0])
        case (4, 0...2, 0...2):
            return pack(groups[0], groups[1], groups[2])
        case (1...2, 1...2, 4), (1...2, 1...2, 2), (1...2, 1...2, 3):
            let year = digits[2] == 4 ? groups[2] : digits[2] == 2 ? century(groups[2]) : 0
            let monthFirst = groups[1] > 12 || (slashes && groups[0] <= 12)
            return monthFirst ? pack(year, groups[0], groups[1]) : pack(year, groups[1], groups[0])
        case (2, 4, 0), (1, 4, 0):
            return pack(groups[1], groups[0], 0)
        case (3, 1...2, 1...2), (5, 1...2, 1...2):
            // A year with a digit lost or doubled is unknown; month and day still speak.
            return pack(0, groups[1], groups[2])
        case (6, 0, 0):
            return pack(groups[0] / 100, groups[0] % 100, 0)
        default:
            return 0
        }
    }

    private static func century(_ year: Int) -> Int { year < centuryPivot ? 2_000 + year : 1_900 + year }

    private static func pack(_ year: Int, _ month: Int, _ day: Int) -> UInt32 {
        UInt32(year * 10_000 + month * 100 + day)
    }

    static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

extension PartialDate: CustomStringConvertible {
    /// `YYYY-MM-DD` with `??` for unknown parts.
    public var description: String {
        func part(_ value: Int, _ width: Int) -> String {
            let digits = String(value)
            return value == 0
                ? String(repeating: "?", count: width)
                : String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return "\(part(year, 4))-\(part(month, 2))-\(part(day, 2))"
    }
}
