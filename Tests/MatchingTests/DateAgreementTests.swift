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
        var generator = SeededGenerator(seed)
        for _ in 0..<5_000 {
            let first = UInt32.random(in: 0...99_999_999, using: &generator)
            // Near dates, so that every level occurs.
            let second = first &+ UInt32([0, 1, 10, 100, 1_000, 10_000, 9, 909].randomElement(using: &generator) ?? 0)
            #expect(DateAgreement.level(first, second) == DateAgreement.level(second, first))
            #expect(DateAgreement.digitEdits(first, second) == DateAgreement.digitEdits(second, first))
        }
    }
}
