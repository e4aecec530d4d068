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
        if gap <= 1 || gap == 10 { return .dateNearYear }
        // Two years that were worked out from ages, and written as 1 January, may be two apart.
        let areEstimated = isDefault(leftMonth, leftDay) && isDefault(rightMonth, rightDay)
        return areEstimated && gap == 2 ? .dateNearYear : .dateDifferent
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
        // Years alone are worked out from ages, and these are rounded.
        return gap <= 2 || gap == 10 ? .dateNearYear : .dateDifferent
    }

    /// Wrong digits of two eight-digit dates, a swap of neighbours counted once; more than 2 is given as 3.
    @inline(__always)
    static func digitEdits(_ left: UInt32, _ right: UInt32) -> Int {
        let first = decimal(left)
        let second = decimal(right)
        let difference = first ^ second
        // One bit for each digit that differs: most dates differ in five and more, which no two swaps explain.
        let wrong =
            (difference | difference &>> 1 | difference &>> 2 | difference &>> 3) & 0x1111_1111
        let count = wrong.nonzeroBitCount
        if count < 2 { return count }
        if count > 4 { return 3 }
        var edits = 0
        var shift: UInt32 = 0
        while shift < 32 {
            if wrong &>> shift & 1 == 1 {
                edits &+= 1
                // The lower digit first, so that of three neighbours the lower two count as the swap in both orders.
                if shift < 28, swapped(first &>> shift, second &>> shift) { shift &+= 4 }
            }
            shift &+= 4
        }
        return min(edits, 3)
    }

    /// True where the two lowest digits of the one are those of the other, exchanged and different.
    @inline(__always)
    private static func swapped(_ first: UInt32, _ second: UInt32) -> Bool {
        first & 0xF == second &>> 4 & 0xF && second & 0xF == first &>> 4 & 0xF && (first ^ second) & 0xF0 != 0
    }

    /// Eight decimal digits, four bits each.
    @inline(__always)
    private static func decimal(_ packed: UInt32) -> UInt32 {
        let year = packed / 10_000
        let day = packed % 10_000
        return pair(year / 100) &<< 24 | pair(year % 100) &<< 16 | pair(day / 100) &<< 8 | pair(day % 100)
    }

    /// Two digits of a number below 100: six more for each ten.
    @inline(__always)
    private static func pair(_ value: UInt32) -> UInt32 { value &+ 6 &* ((value &* 205) &>> 11) }
}
