/// Dates as texts: seconds since 1970, and the agreement of their parts.
enum DateText {
    /// Midnight of a date such as `1980-02-29` in seconds since 1970, by a format such as `%Y-%m-%d`; `nil` where the
    /// text is no such date.
    static func seconds(_ text: String, format: String) -> Double? {
        var rest = text[...]
        var parts: [Character: Int] = [:]
        var isDirective = false
        for character in format {
            if isDirective {
                let digits = rest.prefix(character == "Y" ? 4 : 2).prefix { $0.isASCII && $0.isNumber }
                guard let number = Int(digits), "Ymd".contains(character) else { return nil }
                parts[character] = number
                rest = rest.dropFirst(digits.count)
                isDirective = false
            } else if character == "%" {
                isDirective = true
            } else {
                guard rest.first == character else { return nil }
                rest = rest.dropFirst()
            }
        }
        guard rest.isEmpty, let year = parts["Y"], let month = parts["m"], let day = parts["d"] else { return nil }
        return days(year, month, day).map { Double($0) * 86_400 }
    }

    /// Days since 1970 in the Gregorian calendar (Hinnant, "chrono-compatible low-level date algorithms").
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int? {
        guard (1...9_999).contains(year), (1...12).contains(month) else { return nil }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard (1...lengths[month - 1]).contains(day) else { return nil }
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// Agreement of two dates `YYYY-MM-DD`, 0...1: year counts 5, month 4, day 3 of 12; a part with digits exchanged
    /// counts 0.6 of that, a year only within its century; day and month exchanged in an equal year are at least 0.9.
    ///
    /// - Returns: `nil` where either is no such date.
    static func agreement(_ first: String, _ second: String) -> Double? {
        guard let left = parts(first), let right = parts(second) else { return nil }
        func share(_ index: Int) -> Double {
            if left[index] == right[index] { return 1 }
            let isSameCentury = index > 0 || left[0].prefix(2) == right[0].prefix(2)
            return isSameCentury && left[index].suffix(2) == String(right[index].suffix(2).reversed()) ? 0.6 : 0
        }
        let sum = (5 * share(0) + 4 * share(1) + 3 * share(2)) / 12
        let isSwapped = left[0] == right[0] && left[1] == right[2] && left[2] == right[1]
        return isSwapped ? max(0.9, sum) : sum
    }

    private static func parts(_ text: String) -> [String]? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard parts.map(\.count) == [4, 2, 2], parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } }) else {
            return nil
        }
        return parts
    }
}
