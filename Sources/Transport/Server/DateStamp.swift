#if canImport(Glibc)
internal import Glibc
#else
internal import Musl
#endif
internal import NIOConcurrencyHelpers

/// The `date` of answers (RFC 9110 6.6.1), formatted once a second.
final class DateStamp: Sendable {
    private let latest = NIOLockedValueBox((second: 0, text: ""))

    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// The present moment.
    var text: String {
        let second = time(nil)
        return latest.withLockedValue { latest in
            if latest.second != second { latest = (second, Self.text(ofSecond: second)) }
            return latest.text
        }
    }

    /// A moment in seconds since 1970, as `Sun, 06 Nov 1994 08:49:37 GMT`.
    static func text(ofSecond second: Int) -> String {
        let day = second / 86_400
        let rest = second % 86_400
        let date = civil(ofDay: day)
        let clock = [rest / 3600, rest / 60 % 60, rest % 60].map(twoDigits).joined(separator: ":")
        return "\(days[day % 7]), \(twoDigits(date.day)) \(months[date.month - 1]) \(date.year) \(clock) GMT"
    }

    /// The Gregorian date of a day since 1 January 1970.
    ///
    /// Counts from 1 March of year 0, in eras of 400 years: Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    private static func civil(ofDay day: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = day + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        )
    }

    private static func twoDigits(_ number: Int) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}
