/// How two birth dates agree, from the digits as recorded.
///
/// Order of the tests: what explains the difference with the least error comes first.
enum DateAgreement {
    /// The level of two packed dates; `nil` where either is missing.
    @inline(__always)
    static func level(_ left: UInt32, _ right: UInt32) -> ComparisonLevel? {
        guard left != 0, right != 0 else { return nil }
        let leftYear = left / 10_000
        let leftMonth = left / 100 % 100
        let leftDay = left % 100
        let rightYear = right / 10_000
        let rightMonth = right / 100 % 100
        let rightDay = right % 100
        if left == right { return equal(leftYear, leftMonth, leftDay) }
        if leftYear == 0 || rightYear == 0 {
            return leftMonth == rightMonth && leftDay == rightDay ? .dateMonthDay : nil
        }
        if leftMonth == 0 || rightMonth == 0 || leftDay == 0 || rightDay == 0 {
            return partial(leftYear, leftMonth, rightYear, rightMonth)
        }
        if leftYear == rightYear {
            if leftMonth == rightDay, leftDay == rightMonth { return .dateSwapped }
            if isDefault(leftMonth, leftDay) || isDefault(rightMonth, rightDay) { return .dateDefaultYear }
        }
        let edits = digitEdits(left, right)
        if edits == 1 { return .dateOneDigit }
        let equalParts =
            (leftYear == rightYear ? 1 : 0) &+ (leftMonth == rightMonth ? 1 : 0)
            &+ (leftDay == rightDay ? 1 : 0)
        if equalParts == 2 {
            return leftDay != rightDay ? .dateYearMonth : leftMonth != rightMonth ? .dateYearDay : .dateMonthDay
        }
        if edits == 2 { return .dateTwoDigits }
        if leftYear == rightYear { return .dateYear }
        let gap = leftYear > rightYear ? leftYear &- rightYear : rightYear &- leftYear
        return gap <= 1 || gap == 10 ? .dateNearYear : .dateDifferent
    }

    @inline(__always)
    private static func equal(_ year: UInt32, _ month: UInt32, _ day: UInt32) -> ComparisonLevel {
        if year == 0 { return .dateMonthDay }
        if month == 0 || day == 0 { return .datePartial }
        return isDefault(month, day) ? .dateDefault : .dateExact
    }

    @inline(__always)
    private static func isDefault(_ month: UInt32, _ day: UInt32) -> Bool { day == 1 && (month == 1 || month == 7) }

    private static func partial(
        _ leftYear: UInt32,
        _ leftMonth: UInt32,
        _ rightYear: UInt32,
        _ rightMonth: UInt32
    ) -> ComparisonLevel {
        if leftYear == rightYear {
            return leftMonth == 0 || rightMonth == 0 || leftMonth == rightMonth ? .datePartial : .dateYear
        }
        let gap = leftYear > rightYear ? leftYear &- rightYear : rightYear &- leftYear
        return gap <= 1 || gap == 10 ? .dateNearYear : .dateDifferent
    }

    /// Wrong digits of two eight-digit dates, a swap of neighbours counted once; more than 2 is given as 3.
    @inline(__always)
    static func digitEdits(_ left: UInt32, _ right: UInt32) -> Int {
        var leftRest = left
        var rightRest = right
        var edits = 0
        var position = 0
        while position < 8 {
            let leftDigit = leftRest % 10
            let rightDigit = rightRest % 10
            leftRest /= 10
            rightRest /= 10
            position &+= 1
            guard leftDigit != rightDigit else { continue }
            edits &+= 1
            if leftDigit == rightRest % 10, rightDigit == leftRest % 10, leftRest % 10 != rightRest % 10 {
                leftRest /= 10
                rightRest /= 10
                position &+= 1
            }
            if edits > 2 { return 3 }
        }
        return edits
    }
}
