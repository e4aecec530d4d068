/// Check digits of identifiers that have some: a number that fails its own check was typed wrongly.
public enum IdentifierChecksum {
    /// How a number checks itself.
    public enum Scheme: Sendable, CaseIterable {
        /// South African identity number: 13 digits, Luhn.
        case southAfrica
        /// Aadhaar: 12 digits, Verhoeff.
        case aadhaar
        /// Brazilian CPF: 11 digits, two of them by weights modulo 11.
        case cpf
        /// Spanish DNI and NIE: 8 digits and a letter modulo 23.
        case dni
        /// French NIR: 13 digits and 97 less their remainder modulo 97.
        case nir
        /// British NHS number: 10 digits by weights modulo 11.
        case nhs
    }

    /// The scheme that the name of a system tells, by its words.
    public static func scheme(ofSystem system: String) -> Scheme? {
        var found: Scheme?
        SystemWords.forEach(system) { hash in found = found ?? schemes[hash] }
        return found
    }

    private static let schemes: [UInt64: Scheme] = {
        let names: [(String, Scheme)] = [
            ("aadhaar", .aadhaar), ("cpf", .cpf), ("dni", .dni), ("nie", .dni), ("nir", .nir), ("nhs", .nhs),
            ("nhsnumber", .nhs), ("rsaid", .southAfrica),
        ]
        return Dictionary(uniqueKeysWithValues: names.map { (Word($0.0.utf8).hash, $0.1) })
    }()

    /// Whether a value, letters and digits in lower case, passes its check.
    public static func isValid(_ value: Word, _ scheme: Scheme) -> Bool {
        let bytes = value.bytes
        let digits = bytes.filter { (0x30...0x39).contains($0) }.map { Int($0) - 0x30 }
        let isNumber = digits.count == bytes.count
        switch scheme {
        case .southAfrica: return isNumber && digits.count == 13 && luhn(digits)
        case .aadhaar: return isNumber && digits.count == 12 && verhoeff(digits)
        case .cpf: return isNumber && digits.count == 11 && cpf(digits)
        case .nhs: return isNumber && digits.count == 10 && nhs(digits)
        case .nir: return isNumber && digits.count == 15 && nir(digits)
        case .dni: return dni(bytes)
        }
    }

    /// Every second digit from the right doubled (Luhn, US patent 2,950,048, 1960).
    static func luhn(_ digits: [Int]) -> Bool {
        var sum = 0
        for (place, digit) in digits.reversed().enumerated() {
            let doubled = place % 2 == 1 ? digit * 2 : digit
            sum += doubled > 9 ? doubled - 9 : doubled
        }
        return sum % 10 == 0
    }

    /// The dihedral group of the pentagon (Verhoeff, "Error Detecting Decimal Codes", 1969).
    static func verhoeff(_ digits: [Int]) -> Bool {
        func product(_ a: Int, _ b: Int) -> Int {
            switch (a < 5, b < 5) {
            case (true, true): (a + b) % 5
            case (true, false): (a + b - 5) % 5 + 5
            case (false, true): (a - 5 - b + 5) % 5 + 5
            case (false, false): (a - b + 5) % 5
            }
        }
        let permutation = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]
        var check = 0
        for (place, digit) in digits.reversed().enumerated() {
            var value = digit
            for _ in 0..<(place % 8) { value = permutation[value] }
            check = product(check, value)
        }
        return check == 0
    }

    private static func cpf(_ digits: [Int]) -> Bool {
        for last in [9, 10] {
            let sum = (0..<last).reduce(0) { $0 + digits[$1] * (last + 1 - $1) }
            guard sum * 10 % 11 % 10 == digits[last] else { return false }
        }
        return true
    }

    private static func nhs(_ digits: [Int]) -> Bool {
        let sum = (0..<9).reduce(0) { $0 + digits[$1] * (10 - $1) }
        return (11 - sum % 11) % 11 == digits[9]
    }

    private static func nir(_ digits: [Int]) -> Bool {
        let number = digits.prefix(13).reduce(0) { $0 * 10 + $1 }
        return 97 - number % 97 == digits[13] * 10 + digits[14]
    }

    private static func dni(_ bytes: [UInt8]) -> Bool {
        guard bytes.count == 9, let letter = bytes.last else { return false }
        var digits = Array(bytes.dropLast())
        // A foreigner's number begins with a letter that stands for a digit.
        if let digit = [UInt8(ascii: "x"): 0, UInt8(ascii: "y"): 1, UInt8(ascii: "z"): 2][digits[0]] {
            digits[0] = UInt8(digit) + 0x30
        }
        guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return false }
        let number = digits.reduce(0) { $0 * 10 + Int($1) - 0x30 }
        return Array("trwagmyfpdxbnjzsqvhlcke".utf8)[number % 23] == letter
    }
}
