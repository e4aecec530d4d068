import Demographics
import Identifiers
import Identity
import Testing

/// Each guard alone: two records, one edge just past the threshold.
@Suite struct GuardTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let left: GuardFacts
        let right: GuardFacts
        let reason: GuardReason?

        init(
            _ name: String,
            _ left: (inout GuardFacts) -> Void,
            _ right: (inout GuardFacts) -> Void,
            _ reason: GuardReason?
        ) {
            testDescription = name
            var facts = GuardFacts()
            left(&facts)
            self.left = facts
            facts = GuardFacts()
            right(&facts)
            self.right = facts
            self.reason = reason
        }
    }

    private static func id(_ authority: UInt64, _ value: UInt64) -> GuardFacts.UniqueIdentifier {
        .init(authority: authority, value: value)
    }

    static let cases: [Case] = [
        Case("nothing known", { _ in }, { _ in }, nil),
        Case("different ids", { $0.identifiers = [id(1, 1)] }, { $0.identifiers = [id(1, 2)] }, .differentIdentifiers),
        Case("same id", { $0.identifiers = [id(1, 1)] }, { $0.identifiers = [id(1, 1)] }, nil),
        Case("other authority", { $0.identifiers = [id(1, 1)] }, { $0.identifiers = [id(2, 2)] }, nil),
        Case("one shared", { $0.identifiers = [id(1, 1), id(1, 2)] }, { $0.identifiers = [id(1, 2)] }, nil),
        Case(
            "second authority differs",
            { $0.identifiers = [id(1, 1), id(2, 5)] },
            { $0.identifiers = [id(1, 1), id(2, 6)] },
            .differentIdentifiers
        ),
        Case("birth order", { $0.birthOrder = 1 }, { $0.birthOrder = 2 }, .differentBirthOrder),
        Case("birth order of one unknown", { $0.birthOrder = 1 }, { _ in }, nil),
        Case(
            "sex alone",
            {
                $0.sex = 1; $0.givenName = 5
            },
            {
                $0.sex = 2; $0.givenName = 5
            },
            nil
        ),
        Case(
            "name alone",
            {
                $0.sex = 1; $0.givenName = 5
            },
            {
                $0.sex = 1; $0.givenName = 6
            },
            nil
        ),
        Case(
            "sex and name",
            {
                $0.sex = 1; $0.givenName = 5
            },
            {
                $0.sex = 2; $0.givenName = 6
            },
            .differentSexAndName
        ),
        Case(
            "other sex",
            {
                $0.sex = 3; $0.givenName = 5
            },
            {
                $0.sex = 2; $0.givenName = 6
            },
            nil
        ),
        Case(
            "no name",
            { $0.sex = 1 },
            {
                $0.sex = 2; $0.givenName = 6
            },
            nil
        ),
        Case("dates", date(19_610_423, 5), date(19_880_911, 6), .contradictingBirthDates),
        Case("dates, same name", date(19_610_423, 5), date(19_880_911, 5), nil),
        Case("dates, near years", date(19_610_423, 5), date(19_630_911, 6), nil),
        Case("dates, same day", date(19_610_423, 5), date(19_880_923, 6), nil),
        Case("dates, same month", date(19_610_423, 5), date(19_880_411, 6), nil),
        Case("dates, swapped", date(19_610_408, 5), date(19_880_804, 6), nil),
        Case("dates, first of January", date(19_610_101, 5), date(19_880_911, 6), nil),
        Case("dates, month unknown", date(19_610_000, 5), date(19_880_911, 6), nil),
        Case("dates, unknown", date(0, 5), date(19_880_911, 6), nil),
    ]

    private static func date(_ date: UInt32, _ name: UInt64) -> (inout GuardFacts) -> Void {
        { facts in
            facts.birthDate = date
            facts.givenName = name
        }
    }

    @Test(arguments: cases)
    func objects(_ item: Case) throws {
        #expect(try reason(item, weight: 9, guards: .moderate) == item.reason)
        #expect(try reason(item, weight: 9, guards: .none) == nil)
    }

    @Test(arguments: cases)
    func isExcusedByMargin(_ item: Case) throws {
        let always: GuardReason? = item.reason == .differentBirthOrder ? item.reason : nil
        #expect(try reason(item, weight: 17, guards: .moderate) == always)
        let strict = GuardPolicy(
            differentIdentifiers: .always,
            differentBirthOrder: .always,
            differentSexAndName: .always,
            contradictingBirthDates: .always
        )
        #expect(try reason(item, weight: 500, guards: strict) == item.reason)
    }

    private func reason(_ item: Case, weight: Double, guards: GuardPolicy) throws -> GuardReason? {
        let policy = IdentityPolicy(
            matchThreshold: .init(bits: 9),
            reviewThreshold: .init(bits: 4),
            guards: guards
        )
        var births = Sequence(1)
        let resolution = try IdentityEngine(policy: policy).resolve(
            [],
            applying: [
                .upsert(record: RecordID(1), at: Sequence(1), facts: item.left, neighbours: []),
                .upsert(
                    record: RecordID(2),
                    at: Sequence(2),
                    facts: item.right,
                    neighbours: [.init(RecordID(1), .init(bits: weight))]
                ),
            ],
            nextBirth: &births
        )
        let component = resolution.components[0]
        guard case .guardForbade(let reason)? = component.component.reviews.first?.reason else {
            #expect(component.persons.count == 1)
            return nil
        }
        #expect(component.persons.count == 2)
        return reason
    }
}
