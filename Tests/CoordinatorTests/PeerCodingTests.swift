import Demographics
import Identifiers
import Identity
import Matching
import RuleSets
import Testing

@testable import Coordinator

/// Messages between coordinators: what is written is read back, and damage is an error.
struct PeerCodingTests {
    private static let key = RecordKey(source: "urn:clinic", value: "é|1")

    private static func upsert() throws -> PreparedWrite {
        let rules = try RuleSetFile.standardRules()
        var record = SourceRecord(key: key)
        record.names = [PersonName(given: ["Maria"], family: "Alva")]
        record.birthDate = "1980-01-02"
        record.identifiers = [PatientIdentifier(system: "urn:nid", value: "123456789", type: "NI")]
        var write = PreparedWrite(
            id: key.id,
            key: key,
            action: .upsert(
                rules.key(key.id, NormalisedRecord(record)),
                lookup: [1, .max],
                document: Array("{}".utf8)
            ),
            expectedVersion: 7,
            mustBeNew: true
        )
        write.isReplaced = true
        write.systems = ["urn:clinic", "urn:nid"]
        return write
    }

    private static func writes() throws -> [PreparedWrite] {
        let pair = try #require(RecordPair(RecordID(1), RecordID(2)))
        let nameless = RecordKey(source: "", value: "")
        var vouched = try upsert()
        vouched.isVouched = true
        vouched.ruling = RulingRequest(.release(key.id), by: "a", comment: "b", expected: 7)
        var split = RulingRequest(.persons(.split([RecordID(1), RecordID(2)])), by: "a")
        split.records = [RecordID(3)]
        let rulings: [RulingRequest] = [
            split, RulingRequest(.persons(.link(pair)), by: "a"), RulingRequest(.persons(.never(pair)), by: "a"),
            RulingRequest(.persons(.merge(RecordID(2), RecordID(1))), by: "a"), RulingRequest(.undo(1), by: "a"),
            RulingRequest(.approve(2), by: "a"), RulingRequest(.decline(3), by: "a"),
            RulingRequest(.reject(RecordID(4)), by: "a"),
        ]
        return [
            vouched
        ] + rulings.map { PreparedWrite(id: RecordID(1), key: nameless, action: .rule($0)) } + [
            try upsert(),
            PreparedWrite(id: key.id, key: key, action: .delete),
            PreparedWrite(id: RecordID(3), key: nameless, action: .note(name: "n", nil)),
            PreparedWrite(id: RecordID(3), key: nameless, action: .note(name: "n", [])),
            PreparedWrite(id: RecordID(1), key: nameless, action: .decide(nil, pair, by: "a", comment: "b")),
            PreparedWrite(id: RecordID(1), key: nameless, action: .decide(.cannotLink, pair, by: "", comment: "")),
        ]
    }

    @Test func writesComeBackAsTheyWere() throws {
        let rules = RuleSetVersion(digest: 9)
        let writes = try Self.writes()
        let request = PeerRequest.writes(rules, [writes, [writes[1]]])
        guard case .writes(rules, let units) = try PeerRequest(decoding: request.encoded()) else {
            Issue.record("another request came back")
            return
        }
        #expect(units.map(\.count) == [15, 1])
        for (found, written) in zip(units.joined(), writes + [writes[1]]) {
            #expect("\(found)" == "\(written)")
        }
        guard case .durable = try PeerRequest(decoding: PeerRequest.durable.encoded()) else {
            Issue.record("another request came back")
            return
        }
    }

    @Test(arguments: [
        KeepingOrder.report, .backUp(name: "monday", bytesPerSecond: 7, follows: true), .stop(name: "é"),
        .scrub(mends: true, recordsPerSecond: 9),
    ])
    func ordersComeBackAsTheyWere(_ order: KeepingOrder) throws {
        guard case .keep(let found) = try PeerRequest(decoding: PeerRequest.keep(order).encoded()) else {
            Issue.record("another request came back")
            return
        }
        #expect(found == order)
    }

    @Test func reportsComeBackAsTheyWere() throws {
        var backup = BackupView(name: "monday", phase: .following, began: 3)
        (backup.slotsDone, backup.bytes, backup.cut, backup.through) = (4_096, 5, Sequence(6), Sequence(7))
        backup.fault = "the disk is full"
        var scrub = ScrubView()
        scrub.note("a posting is missing", isMended: true)
        let report = KeepingReport(backups: [backup], scrub: scrub)
        guard case .kept(let found) = try PeerAnswer(decoding: PeerAnswer.kept(report).encoded()) else {
            Issue.record("another answer came back")
            return
        }
        #expect(found == report)
        guard case .invalid("no") = try PeerAnswer(decoding: PeerAnswer.invalid("no").encoded()) else {
            Issue.record("another answer came back")
            return
        }
    }

    @Test(arguments: [nil, OrderPhase.running, .complete, .failed])
    func countsComeBackAsTheyWere(_ phase: OrderPhase?) throws {
        var counts = CountingView()
        (counts.through, counts.records) = (Sequence(9), 8)
        if let phase {
            var refresh = CountingView.Refresh(from: RuleSetVersion(digest: 1))
            (refresh.phase, refresh.read, refresh.hotKeys, refresh.fault) = (phase, 7, 6, "why")
            refresh.made = phase == .complete ? RuleSetVersion(digest: 2) : nil
            counts.refresh = refresh
        }
        var report = RulesReport(
            book: RuleBook(),
            configured: RuleSetVersion(digest: 3),
            deciding: RuleSetVersion(digest: 4)
        )
        report.counts = counts
        guard case .rules(let found) = try PeerAnswer(decoding: PeerAnswer.rules(report).encoded()) else {
            Issue.record("another answer came back")
            return
        }
        #expect(found == report)
        for against in [nil, "stranger"] {
            let order = RulesOrder(.refresh(RuleSetVersion(digest: 5), against: against), by: "akello", comment: "why")
            guard case .rules(let asked) = try PeerRequest(decoding: PeerRequest.rules(order).encoded()) else {
                Issue.record("another request came back")
                return
            }
            #expect(asked == order)
        }
    }

    private static func outcomes() throws -> [WriteOutcome] {
        let stored = SubmissionOutcome.Stored(
            key: key,
            id: key.id,
            golden: GoldenID(birth: Sequence(4)),
            version: 3,
            created: true,
            unchanged: false,
            updated: 1_700_000_000_000
        )
        let pair = try #require(RecordPair(RecordID(1), RecordID(2)))
        let unsearched = MatchAnswer.UnsearchedKey(rule: "birth_date", slot: Slot(hash: .max), shard: ShardID(2))
        return [
            .submission(.waiting(.init(key: key, id: key.id, unsearched: [unsearched]))),
            .submission(.waiting(.init(key: key, id: key.id, unsearched: []))),
            .submission(.stored(stored)), .submission(.removed(key, version: 5)),
            .submission(.refused(.versionConflict(current: 2))), .submission(.refused(.notFound)),
            .submission(.refused(.replaced)), .submission(.refused(.alreadyExists)),
            .submission(.refused(.addressCollision(with: key))), .submission(.refused(.forbidden)),
            .unavailable("later", retryAfter: 3),
            .decided([.personsMerged(survivor: GoldenID(birth: Sequence(1)), retired: GoldenID(birth: Sequence(2)))]),
            .decided([]), .refusedDecision("\(pair) is not there"),
        ]
    }

    @Test func outcomesComeBackAsTheyWere() throws {
        let outcomes = try Self.outcomes()
        guard case .outcomes(let found) = try PeerAnswer(decoding: PeerAnswer.outcomes(outcomes).encoded()) else {
            Issue.record("another answer came back")
            return
        }
        #expect(found.map { "\($0)" } == outcomes.map { "\($0)" })
        guard case .durable(Sequence(12)) = try PeerAnswer(decoding: PeerAnswer.durable(Sequence(12)).encoded()),
            case .unavailable("why", 4) = try PeerAnswer(
                decoding: PeerAnswer.unavailable("why", retryAfter: 4).encoded()
            )
        else {
            Issue.record("another answer came back")
            return
        }
    }

    @Test func aReasonOfAnyLengthFits() throws {
        let reason = String(repeating: "👩🏽‍⚕️", count: 2_000)
        let encoded = PeerAnswer.unavailable(reason, retryAfter: 1).encoded()
        guard case .unavailable(let found, 1) = try PeerAnswer(decoding: encoded) else {
            Issue.record("another answer came back")
            return
        }
        #expect(!found.isEmpty && found.utf8.count <= PeerAnswer.textLimit)
    }

    @Test func anotherVersionIsToldApartFromDamage() throws {
        #expect(throws: PeerError.unknownVersion(2)) { try PeerRequest(decoding: [2, 2]) }
        #expect(throws: PeerError.malformed) { try PeerRequest(decoding: []) }
        #expect(throws: PeerError.malformed) { try PeerRequest(decoding: [1, 2, 0]) }
        #expect(throws: PeerError.malformed) { try PeerAnswer(decoding: [1, 9]) }
    }

    /// Cut off anywhere, a message is refused; with any byte changed it is refused or read, and never a trap.
    @Test func damageIsAnErrorAndNeverATrap() throws {
        let request = PeerRequest.writes(RuleSetVersion(digest: 9), [try Self.writes()]).encoded()
        let answer = PeerAnswer.outcomes(try Self.outcomes()).encoded()
        for end in request.indices {
            #expect(throws: PeerError.self) { try PeerRequest(decoding: Array(request[..<end])) }
        }
        for end in answer.indices {
            #expect(throws: PeerError.self) { try PeerAnswer(decoding: Array(answer[..<end])) }
        }
        for place in request.indices {
            var damaged = request
            for value in [0, 0x7F, 0xFF] as [UInt8] {
                damaged[place] = value
                _ = try? PeerRequest(decoding: damaged)
            }
        }
        for place in answer.indices {
            var damaged = answer
            for value in [0, 0x7F, 0xFF] as [UInt8] {
                damaged[place] = value
                _ = try? PeerAnswer(decoding: damaged)
            }
        }
    }
}
