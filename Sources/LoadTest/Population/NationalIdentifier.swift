/// Writes national identifiers in the formats of the cultures' countries; no two people of a format share one.
enum NationalIdentifier {
    static func make(for person: SyntheticPerson) -> String {
        let format = person.stock.identifierFormat
        let digits = format.count { $0 == UInt8(ascii: "9") }
        var serial = NationalIdentifier.serial(person.number, digits: digits)
        var birth = [UInt8](repeating: UInt8(ascii: "0"), count: 8)
        BirthDate.put(person.birth.year, digits: 4, at: 0, in: &birth)
        BirthDate.put(person.birth.month, digits: 2, at: 4, in: &birth)
        BirthDate.put(person.birth.day, digits: 2, at: 6, in: &birth)
        var nextBirth = format.contains(UInt8(ascii: "Y")) && !format.starts(with: "YYYY".utf8) ? 2 : 0
        var letters = SeededRandom.mix(UInt64(person.number))
        var text = format
        for index in text.indices {
            switch format[index] {
            case UInt8(ascii: "9"):
                text[index] = UInt8(ascii: "0") + UInt8(serial % 10)
                serial /= 10
            case UInt8(ascii: "Y"), UInt8(ascii: "M"), UInt8(ascii: "D"):
                text[index] = birth[nextBirth]
                nextBirth += 1
            case UInt8(ascii: "S"): text[index] = UInt8(ascii: person.isFemale ? "F" : "M")
            case UInt8(ascii: "A"):
                text[index] = UInt8(ascii: "A") + UInt8(letters % 26)
                letters /= 26
            default: break
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// A bijection on the numbers of so many digits, so that identifiers are unique and neighbours' look unlike.
    private static func serial(_ number: Int, digits: Int) -> UInt64 {
        var modulus: UInt64 = 1
        for _ in 0..<min(digits, 18) { modulus *= 10 }
        // Odd and no multiple of five: coprime to every power of ten.
        let product = UInt64(number + 1).multipliedFullWidth(by: 618_033_988_749_894_849)
        return modulus.dividingFullWidth((product.high % modulus, product.low)).remainder
    }
}
