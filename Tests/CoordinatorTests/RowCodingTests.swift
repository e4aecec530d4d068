import Demographics
import Identifiers
import Identity
import Matching
import ShardProtocol
import SimulationKit
import Testing

@testable import Coordinator

struct RowCodingTests {
    private var home: HomeRow {
        HomeRow(
            version: 3,
            sequence: Sequence(9),
            born: Sequence(4),
            updated: 1_700_000_000_123,
            rules: RuleSetVersion(digest: 77),
            keys: [BlockingKey(hash: 1, rule: 2), BlockingKey(hash: .max, rule: 0)],
            key: RecordKey(source: "urn:clinic", value: "é|1"),
            document: Array("{\"x\":1}".utf8)
        )
    }

    @Test func rowsComeBackAsTheyWere() throws {
        #expect(try HomeRow(decoding: home.encoded()) == home)
        let single = LinkRow.single(golden: GoldenID(birth: Sequence(5)), born: Sequence(5), facts: GuardFacts())
        let member = LinkRow.member(component: RecordID(8), golden: GoldenID(birth: Sequence(6)))
        let absent = LinkRow.member(component: RecordID(8), golden: nil)
        for row in [single, member, absent] { #expect(try LinkRow(decoding: row.encoded()) == row) }
        for row in [GoldenRow.anchored(RecordID(3)), .extinct] {
            #expect(try GoldenRow(decoding: row.encoded()) == row)
        }
        let change = ChangeRow(
            at: 5,
            events: [.recordLinked(record: RecordID(1), from: nil, to: GoldenID(birth: Sequence(1)))]
        )
        #expect(try ChangeRow(decoding: change.encoded()) == change)
    }

    @Test func anUnknownFormatIsRefusedByName() {
        var bytes = home.encoded()
        bytes[0] = 9
        #expect(throws: RowError.unknownFormat(.home, 9)) { try HomeRow(decoding: bytes) }
    }

    @Test func damagedRowsAreErrorsAndNeverTraps() {
        var random = SimulationRandom(seed: 1)
        let rows = [home.encoded(), ChangeRow(at: 5, events: []).encoded()]
        for _ in 0..<5_000 {
            var bytes = rows[Int(random.next(below: UInt64(rows.count)))]
            bytes.removeLast(Int(random.next(below: UInt64(bytes.count))))
            if !bytes.isEmpty {
                bytes[Int(random.next(below: UInt64(bytes.count)))] = UInt8(truncatingIfNeeded: random.next())
            }
            _ = try? HomeRow(decoding: bytes)
            _ = try? LinkRow(decoding: bytes)
            _ = try? ChangeRow(decoding: bytes)
            _ = try? IntentRow(decoding: bytes)
            _ = try? ReviewRow(decoding: bytes)
        }
    }
}
