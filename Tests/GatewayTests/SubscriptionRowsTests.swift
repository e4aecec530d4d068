import Coordinator
import Identifiers
import TestRandom
import Testing

@testable import Gateway

@Suite struct SubscriptionRowsTests {
    private static func subject(_ number: UInt64, record: UInt64, person: UInt64) -> SubscriptionNotice.Subject {
        SubscriptionNotice.Subject(
            event: SubscriptionState.Event(number: number, name: "", record: RecordID(record), version: 1, at: 0),
            change: .updated,
            patient: nil,
            person: person
        )
    }

    @Test("A record that comes to another person within a page is told of in order")
    func movedRecord() throws {
        let subjects = [(7, 1), (8, 2), (7, 2), (7, 3)].enumerated().map { index, pair in
            Self.subject(UInt64(index), record: UInt64(pair.0), person: UInt64(pair.1))
        }
        let rows = SubscriptionRows(subjects, width: 16).rows
        #expect(rows.map { $0.map(\.event.number) } == [[0, 1, 2, 3]])
    }

    @Test("Whatever shares a person or a record is in one row in order; nothing is lost", arguments: 1...40)
    func property(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let count = Int.random(in: 0...300, using: &random)
        let subjects = (0..<UInt64(count)).map { number in
            Self.subject(
                number,
                record: UInt64.random(in: 0..<90, using: &random),
                person: UInt64.random(in: 0..<120, using: &random)
            )
        }
        let rows = SubscriptionRows(subjects, width: 16).rows
        #expect(rows.count <= 16)
        #expect(rows.allSatisfy { !$0.isEmpty && $0.map(\.event.number) == $0.map(\.event.number).sorted() })
        #expect(rows.joined().map(\.event.number).sorted() == (0..<UInt64(count)).map { $0 })
        var homes: [String: Int] = [:]
        for (place, row) in rows.enumerated() {
            for subject in row {
                for key in ["p\(subject.person)", "r\(subject.event.record)"] {
                    #expect(homes[key, default: place] == place)
                    homes[key] = place
                }
            }
        }
    }

    @Test("Strangers are told beside one another")
    func strangers() {
        let subjects = (0..<64).map { Self.subject(UInt64($0), record: UInt64($0), person: UInt64($0)) }
        #expect(SubscriptionRows(subjects, width: 16).rows.map(\.count) == [Int](repeating: 4, count: 16))
    }
}
