public import FHIR

/// Dates of HL7 v2 (`YYYY[MM[DD[HHMM[SS]]]]`, with a zone where there is a time) and of FHIR.
public enum HL7Date {
    /// The date of a time stamp, as exact as it is written; `nil` where it is none.
    public static func date(_ stamp: String) -> FHIRDate? {
        let digits = Array(stamp.utf8.prefix { (0x30...0x39).contains($0) })
        let rest = stamp.utf8.dropFirst(digits.count)
        // Behind the digits may stand fractions of a second and a zone, behind a time only.
        guard rest.isEmpty || (digits.count >= 10 && isTail(Array(rest))) else { return nil }
        guard [4, 6, 8, 10, 12, 14].contains(digits.count), isTime(digits.dropFirst(8)) else { return nil }
        func number(_ range: Range<Int>) -> Int {
            range.upperBound <= digits.count ? digits[range].reduce(0) { $0 * 10 + Int($1 - 0x30) } : 0
        }
        let (month, day) = (number(4..<6), number(6..<8))
        guard digits.count < 6 || month > 0, digits.count < 8 || day > 0 else { return nil }
        return FHIRDate(year: number(0..<4), month: month, day: day)
    }

    /// A date as a time stamp, as exact as it is known.
    public static func stamp(_ date: FHIRDate) -> String { date.description.filter { $0 != "-" } }

    private static func isTime(_ digits: ArraySlice<UInt8>) -> Bool {
        let bounds: [Int] = [24, 60, 61]
        var rest = digits
        for bound in bounds {
            guard !rest.isEmpty else { return true }
            let value = rest.prefix(2).reduce(0) { $0 * 10 + Int($1 - 0x30) }
            guard rest.count >= 2, value < bound else { return false }
            rest = rest.dropFirst(2)
        }
        return rest.isEmpty
    }

    private static func isTail(_ tail: [UInt8]) -> Bool {
        var rest = tail[...]
        if rest.first == UInt8(ascii: ".") { rest = rest.dropFirst().drop { (0x30...0x39).contains($0) } }
        guard let sign = rest.first else { return true }
        return (sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-")) && rest.count == 5
            && rest.dropFirst().allSatisfy { (0x30...0x39).contains($0) }
    }
}
