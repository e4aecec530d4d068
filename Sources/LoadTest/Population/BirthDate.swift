/// A day in the Gregorian calendar as a person's birth date.
struct BirthDate: Equatable, Sendable {
    var year: Int
    var month: Int
    var day: Int

    private static let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

    static func length(ofMonth month: Int) -> Int { lengths[month - 1] }

    /// A day of a year, any as likely as any other.
    init(year: Int, random: inout SeededRandom) {
        self.year = year
        month = 1 + random.below(12)
        day = 1 + random.below(BirthDate.lengths[month - 1])
    }

    /// `YYYY-MM-DD`.
    var text: String {
        var bytes = [UInt8](repeating: UInt8(ascii: "-"), count: 10)
        BirthDate.put(year, digits: 4, at: 0, in: &bytes)
        BirthDate.put(month, digits: 2, at: 5, in: &bytes)
        BirthDate.put(day, digits: 2, at: 8, in: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    static func put(_ number: Int, digits: Int, at offset: Int, in bytes: inout [UInt8]) {
        var rest = number
        for place in stride(from: offset + digits - 1, through: offset, by: -1) {
            bytes[place] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
    }
}
