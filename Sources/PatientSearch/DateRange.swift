import FHIR

/// Days from one to another, both included, counted from 1970-01-01; what a date of some precision stands for.
struct DateRange: Hashable, Sendable {
    var lower: Int
    var upper: Int

    /// The days that a date may mean.
    init(_ date: FHIRDate) {
        let lastMonth = date.month == 0 ? 12 : date.month
        lower = DateRange.day(date.year, date.month == 0 ? 1 : date.month, date.day == 0 ? 1 : date.day)
        upper =
            date.day == 0
            ? DateRange.day(lastMonth == 12 ? date.year + 1 : date.year, lastMonth == 12 ? 1 : lastMonth + 1, 1) - 1
            : lower
    }

    /// Days from 1970-01-01 to a day of the Gregorian calendar.
    ///
    /// Hinnant, "chrono-compatible low-level date algorithms", days_from_civil.
    static func day(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

/// A date of a search with its prefix (FHIR R4, 3.1.1.4.4 and 3.1.1.4.6).
struct DateCondition: Hashable, Sendable {
    enum Prefix: String, Sendable {
        case eq, ne, gt, lt, ge, le, sa, eb, ap
    }

    let prefix: Prefix
    let range: DateRange
    /// The range in milliseconds since 1970, for moments; the end is not included.
    let moments: Range<Int64>
    /// The date without prefix; `nil` where a time of day was given.
    let date: FHIRDate?

    /// Reads `ge1984-01`, `2026-07-21T08:30:00Z`, …; `nil` where it is no date.
    init?(_ text: String) {
        let letters = text.prefix { $0.isLetter }
        guard let prefix = letters.isEmpty ? .eq : Prefix(rawValue: String(letters)) else { return nil }
        self.prefix = prefix
        let rest = String(text.dropFirst(letters.count))
        if let date = try? FHIRDate(parsing: rest) {
            self.date = date
            range = DateRange(date)
            moments = Int64(range.lower) * 86_400_000..<Int64(range.upper + 1) * 86_400_000
            return
        }
        guard let moments = DateCondition.moments(rest) else { return nil }
        self.moments = moments
        date = nil
        let day = Int((Double(moments.lowerBound) / 86_400_000).rounded(.down))
        guard let day = FHIRDate(daysSince1970: day) else { return nil }
        range = DateRange(day)
    }

    /// Reads a date with time and zone: the second or the fraction that it names.
    private static func moments(_ text: String) -> Range<Int64>? {
        guard let mark = text.firstIndex(of: "T"), let date = try? FHIRDate(parsing: String(text[..<mark])),
            date.day > 0
        else { return nil }
        var time = text[text.index(after: mark)...]
        var offset: Int64 = 0
        if time.hasSuffix("Z") {
            time = time.dropLast()
        } else if let sign = time.lastIndex(where: { $0 == "+" || $0 == "-" || $0 == " " }) {
            // In a query an unescaped `+` arrives as a space.
            let zone = time[time.index(after: sign)...].split(separator: ":").compactMap { Int64($0) }
            guard zone.count == 2 else { return nil }
            offset = (zone[0] * 60 + zone[1]) * (time[sign] == "-" ? -1 : 1) * 60_000
            time = time[..<sign]
        }
        let parts = time.split(separator: ":")
        guard parts.count == 2 || parts.count == 3, let hour = Int64(parts[0]), let minute = Int64(parts[1]),
            (0...23).contains(hour), (0...59).contains(minute)
        else { return nil }
        var milliseconds = Int64(DateRange(date).lower) * 86_400_000 + (hour * 60 + minute) * 60_000
        var length: Int64 = 60_000
        if parts.count == 3 {
            guard let seconds = Double(parts[2]), (0..<61).contains(seconds) else { return nil }
            milliseconds += Int64((seconds * 1_000).rounded())
            length = parts[2].contains(".") ? 1 : 1_000
        }
        return milliseconds - offset..<milliseconds - offset + length
    }

    /// Whether a date of a record satisfies it; `today` is what `ap` measures its margin by.
    func matches(_ found: DateRange, today: Int) -> Bool {
        let isWithin = found.lower >= range.lower && found.upper <= range.upper
        switch prefix {
        case .eq: return isWithin
        case .ne: return !isWithin
        case .gt: return found.upper > range.upper
        case .lt: return found.lower < range.lower
        case .ge: return found.upper > range.upper || isWithin
        case .le: return found.lower < range.lower || isWithin
        case .sa: return found.lower > range.upper
        case .eb: return found.upper < range.lower
        case .ap:
            // A tenth of the distance to now, as FHIR recommends.
            let margin = abs(today - range.lower) / 10
            return found.upper >= range.lower - margin && found.lower <= range.upper + margin
        }
    }

    /// Whether a moment of a record satisfies it.
    func matches(moment: Int64, now: Int64) -> Bool {
        switch prefix {
        case .eq: return moments.contains(moment)
        case .ne: return !moments.contains(moment)
        case .gt, .sa: return moment >= moments.upperBound
        case .lt, .eb: return moment < moments.lowerBound
        case .ge: return moment >= moments.lowerBound
        case .le: return moment < moments.upperBound
        case .ap:
            let margin = abs(now - moments.lowerBound) / 10
            return moment >= moments.lowerBound - margin && moment <= moments.upperBound + margin
        }
    }
}

/// Moments as FHIR writes them.
public enum Moments {
    /// Milliseconds since 1970 of the beginning of a date, or of a date with time and zone; `nil` for anything else.
    public static func milliseconds(_ text: String) -> Int64? {
        guard let first = text.utf8.first, first != UInt8(ascii: " "), !(text.first?.isLetter ?? true) else {
            return nil
        }
        return DateCondition(text)?.moments.lowerBound
    }
}
