import TestRandom
import Testing

@testable import Matching

@Suite struct DateAgreementTests {
    @Test(
        arguments: [
            (19_850_309, 19_850_309, .dateExact),
            (19_850_101, 19_850_101, .dateDefault),
            (19_850_309, 19_850_903, .dateSwapped),
            (19_851_308, 19_850_813, .dateSwapped),
            (19_850_309, 19_850_319, .dateOneDigit),
            (19_850_309, 19_580_309, .dateOneDigit),
            (19_850_309, 19_750_309, .dateOneDigit),
            (19_850_312, 19_850_325, .dateYearMonth),
            (19_850_309, 19_851_109, .dateYearDay),
            (19_850_309, 19_620_309, .dateMonthDay),
            (19_850_309, 19_850_101, .dateDefaultYear),
            (19_850_309, 19_851_125, .dateYear),
            (19_850_309, 19_860_319, .dateTwoDigits),
            (19_850_309, 19_861_125, .dateNearYear),
            (19_850_309, 19_951_125, .dateNearYear),
            (19_850_309, 19_621_125, .dateDifferent),
            (19_850_309, 19_850_000, .datePartial),
            (19_850_300, 19_850_300, .datePartial),
            (19_850_300, 19_850_400, .dateYear),
            (19_850_309, 309, .dateMonthDay),
            (19_850_000, 19_870_000, .dateNearYear),
            (19_850_000, 19_870_512, .dateNearYear),
            (19_850_000, 19_880_000, .dateDifferent),
        ] as [(UInt32, UInt32, ComparisonLevel)]
    )
    func levels(first: UInt32, second: UInt32, level: ComparisonLevel) {
        #expect(DateAgreement.level(first, second) == level)
        #expect(DateAgreement.level(second, first) == level)
    }

    @Test func missingIsNeutral() {
        #expect(DateAgreement.level(0, 19_850_309) == nil)
        #expect(DateAgreement.level(0, 0) == nil)
        #expect(DateAgreement.level(312, 19_850_309) == nil)
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func symmetricForAnyDigits(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<5_000 {
            let first = UInt32.random(in: 0...99_999_999, using: &generator)
            // Near dates, so that every level occurs.
            let second = first &+ UInt32([0, 1, 10, 100, 1_000, 10_000, 9, 909].randomElement(using: &generator) ?? 0)
            #expect(DateAgreement.level(first, second) == DateAgreement.level(second, first))
            #expect(DateAgreement.digitEdits(first, second) == DateAgreement.digitEdits(second, first))
        }
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func editsEqualTheDigitLoop(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<5_000 {
            let first = UInt32.random(in: 0...99_999_999, using: &generator)
            // A few digits changed or swapped, so that small numbers of edits are as frequent as large ones.
            var digits = Self.digits(first)
            for _ in 0..<Int.random(in: 0...3, using: &generator) {
                let place = Int.random(in: 0..<7, using: &generator)
                if Bool.random(using: &generator) {
                    digits.swapAt(place, place + 1)
                } else {
                    digits[place] = UInt32.random(in: 0...9, using: &generator)
                }
            }
            let second = digits.reversed().reduce(0) { $0 * 10 + $1 }
            #expect(DateAgreement.digitEdits(first, second) == Self.loop(first, second), "\(first) \(second)")
        }
    }

    /// Digits, the lowest first.
    private static func digits(_ value: UInt32) -> [UInt32] {
        var rest = value
        return (0..<8).map { _ in
            defer { rest /= 10 }
            return rest % 10
        }
    }

    private static func loop(_ first: UInt32, _ second: UInt32) -> Int {
        let left = digits(first)
        let right = digits(second)
        var edits = 0
        var place = 0
        while place < 8 {
            if left[place] != right[place] {
                edits += 1
                if place < 7, left[place] == right[place + 1], right[place] == left[place + 1],
                    left[place + 1] != right[place + 1]
                {
                    place += 1
                }
            }
            place += 1
        }
        return min(edits, 3)
    }
}
