import Foundation
import Identifiers
import SimulationKit
import Testing

@testable import ShardProtocol

struct MessageFrameTests {
    static var requests: [ShardRequest] {
        var operations = OperationWriter()
        operations.put(.home, StoreKey(7), [1, 2, 3])
        operations.put(.change, StoreKey(7, sub: 9), [])
        operations.delete(.history, StoreKey(1, sub: 2))
        operations.post(key: 5, sketch: SketchBits(6, 7, 8), record: RecordID(7))
        operations.unpost(key: 5, record: RecordID(7))
        return [
            .candidates(
                CandidatesRequest(
                    rules: RuleSetVersion(digest: 3),
                    floor: MatchWeight(millibits: -4),
                    queries: [.init(exclude: RecordID(1), sketch: SketchBits(2, 3, 4), row: [9, 9], keys: [1, .max])]
                )
            ),
            .read(ReadRequest(rows: [.init(.home, StoreKey(1)), .init(.history, StoreKey(1, sub: 4))])),
            .commit(
                CommitRequest(epoch: Epoch(2), number: 3, through: Sequence(4), operations: operations.bytes)
            ),
            .scan(ScanRequest(table: .link, from: StoreKey(3), through: .max, limit: 10)),
            .postings(PostingsRequest(from: 1, record: RecordID(2), through: .max, limit: 3)),
            .digest(DigestRequest(first: Slot(hash: .max), count: 4)), .tail(withOperations: true),
            .guarded(
                StorePosition(Epoch(5), 6),
                .commit(
                    CommitRequest(epoch: Epoch(5), number: 7, through: Sequence(8), operations: operations.bytes)
                )
            ),
            .guarded(StorePosition(Epoch(5), 6), .fence(Epoch(9))), .ruleSets,
            .install(rules: [1, 2, 3]), .fence(Epoch(9)), .status,
            .posted(PostedRequest(places: [StoreKey(1, sub: 2), StoreKey(3, sub: 4)])), .dropDamaged(Epoch(7)),
        ]
    }

    static var answers: [ShardAnswer] {
        [
            .candidates(
                CandidatesAnswer(
                    found: [
                        .init(
                            candidates: [.init(record: RecordID(1), weight: MatchWeight(millibits: 5), key: 6)],
                            cutKeys: [8]
                        )
                    ],
                    cost: SearchCost(postings: 1, bounded: 2, scored: 3)
                )
            ),
            .read(ReadAnswer(values: [[1], nil, []])), .committed, .status(damaged),
            .posted(PostedAnswer(sketches: [SketchBits(1, 2, 3), nil])),
            .scan(ScanAnswer(rows: [.init(key: StoreKey(1, sub: 2), value: [3])], next: StoreKey(4))),
            .installed(RuleSetVersion(digest: 5)), .status(ShardStatus()), .failure(.staleEpoch(highest: Epoch(3))),
            .failure(.storage("text")), .failure(.behind(at: StorePosition(Epoch(1), 2))),
            .postings(
                PostingsAnswer(
                    rows: [.init(key: 1, record: RecordID(2), sketch: SketchBits(3, 4, 5))],
                    next: StoreKey(4, sub: 5)
                )
            ),
            .digest([SlotDigest(), digest]),
            .tail(
                TailAnswer(
                    position: StorePosition(Epoch(4), 0),
                    last: StorePosition(Epoch(3), 9),
                    previous: StorePosition(Epoch(3), 8),
                    through: Sequence(7),
                    operations: [1, 2]
                )
            ),
            .ruleSets([[1], []]),
        ]
    }

    static var damaged: ShardStatus {
        var status = ShardStatus()
        status.damage = ["state/run-1.mdb is damaged at byte 65536"]
        return status
    }

    static var digest: SlotDigest {
        var digest = SlotDigest()
        digest.add(.home, StoreKey(3), [1, 2])
        digest.add(PostingsAnswer.Row(key: 4, record: RecordID(5), sketch: SketchBits(6)))
        return digest
    }

    /// The bytes of messages between versions: whoever changes them has to count the version up.
    @Test func replicationMessagesKeepTheirBytes() throws {
        func hex(_ bytes: [UInt8]) -> String {
            bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
        for version in SpokenVersions.lowestKnown...SpokenVersions.highestKnown {
            let path = URL(filePath: #filePath).deletingLastPathComponent()
                .appending(path: "../Golden/protocol/replication-\(version).txt")
            var requests = Array(Self.requests.dropFirst(4).prefix(6))
            var answers = Array(Self.answers.suffix(5))
            if version > 2 {
                requests += Self.requests.suffix(1)
                answers.append(.status(Self.damaged))
            }
            var lines = requests.map { hex(MessageFrame.encode($0, version: version)) }
            lines += answers.map { hex(MessageFrame.encode($0, version: version)) }
            let text = lines.joined(separator: "\n") + "\n"
            if ProcessInfo.processInfo.environment["TESSERA_REWRITE"] != nil { try Data(text.utf8).write(to: path) }
            #expect(try String(contentsOf: path, encoding: .utf8) == text)
        }
    }

    @Test func anOlderVersionLeavesOutWhatItHasNoWordFor() throws {
        let bytes = MessageFrame.encode(ShardAnswer.status(Self.damaged), version: 2)
        let answer = try bytes.withUnsafeBytes { try MessageFrame.decodeAnswer($0) }
        #expect(answer == .status(ShardStatus()))
        let request = MessageFrame.sealed(MessageFrame.encode(ShardRequest.dropDamaged(Epoch(7))), version: 2)
        #expect(throws: MessageError.unknownKind(15)) {
            try request.withUnsafeBytes { try MessageFrame.decodeRequest($0) }
        }
    }

    @Test func aVersionThatIsNotToBeSpokenIsRefused() throws {
        let two = try #require(SpokenVersions(through: 2))
        let bytes = MessageFrame.encode(ShardRequest.status, version: 3)
        #expect(throws: MessageError.unknownVersion(3)) {
            try bytes.withUnsafeBytes { try MessageFrame.decodeRequest($0, two) }
        }
    }

    @Test func aGuardDoesNotStandInAGuard() {
        let inner = ShardRequest.guarded(StorePosition(Epoch(1), 1), .status)
        let bytes = MessageFrame.encode(ShardRequest.guarded(StorePosition(Epoch(1), 1), inner))
        #expect(throws: MessageError.unknownKind(13)) {
            try bytes.withUnsafeBytes { try MessageFrame.decodeRequest($0) }
        }
    }

    @Test func aDigestDoesNotDependOnTheOrderAndSeesEveryChange() {
        var other = SlotDigest()
        other.add(PostingsAnswer.Row(key: 4, record: RecordID(5), sketch: SketchBits(6)))
        other.add(.home, StoreKey(3), [1, 2])
        #expect(other == Self.digest)
        var changed = SlotDigest()
        changed.add(PostingsAnswer.Row(key: 4, record: RecordID(5), sketch: SketchBits(7)))
        changed.add(.home, StoreKey(3), [1, 2])
        #expect(changed != Self.digest)
        var elsewhere = SlotDigest()
        elsewhere.add(PostingsAnswer.Row(key: 4, record: RecordID(5), sketch: SketchBits(6)))
        elsewhere.add(.link, StoreKey(3), [1, 2])
        #expect(elsewhere != Self.digest)
    }

    @Test func messagesComeBackAsTheyWere() throws {
        for request in Self.requests {
            let bytes = MessageFrame.encode(request)
            #expect(try bytes.withUnsafeBytes { try MessageFrame.decodeRequest($0) } == request)
        }
        for answer in Self.answers {
            let bytes = MessageFrame.encode(answer)
            #expect(try bytes.withUnsafeBytes { try MessageFrame.decodeAnswer($0) } == answer)
        }
    }

    @Test func anUnknownVersionIsRefusedByNumber() {
        var bytes = MessageFrame.encode(ShardRequest.status)
        bytes[4] = 9
        #expect(throws: MessageError.unknownVersion(9)) {
            try bytes.withUnsafeBytes { try MessageFrame.decodeRequest($0) }
        }
    }

    @Test func damageIsNoticed() {
        for request in Self.requests.dropLast() {
            let bytes = MessageFrame.encode(request)
            for place in MessageFrame.headLength..<bytes.count {
                var wrong = bytes
                wrong[place] ^= 0x40
                #expect(throws: MessageError.wrongChecksum) {
                    try wrong.withUnsafeBytes { try MessageFrame.decodeRequest($0) }
                }
            }
        }
    }

    @Test func anyBytesAreAnsweredWithoutATrap() {
        var random = SimulationRandom(seed: 4)
        for _ in 0..<20_000 {
            let source = Self.requests[Int(random.next(below: UInt64(Self.requests.count)))]
            var bytes = MessageFrame.encode(source)
            for _ in 0..<(1 + random.next(below: 4)) {
                bytes[Int(random.next(below: UInt64(bytes.count)))] = UInt8(truncatingIfNeeded: random.next())
            }
            // With the checksum put right, the decoder behind it is what is tested.
            _ = try? MessageFrame.sealed(bytes).withUnsafeBytes { try MessageFrame.decodeRequest($0) }
            _ = try? MessageFrame.sealed(bytes).withUnsafeBytes { try MessageFrame.decodeAnswer($0) }
        }
    }

    @Test func operationsAreWalkedInOrder() throws {
        var writer = OperationWriter()
        writer.post(key: 1, sketch: SketchBits(2, 3, 4), record: RecordID(3))
        writer.put(.link, StoreKey(4), [5])
        var kinds: [String] = []
        try writer.bytes.withUnsafeBytes { bytes in
            var reader = OperationReader(bytes)
            while let operation = try reader.next() {
                switch operation {
                case .post: kinds.append("post")
                case .put(let table, let key, let value):
                    kinds.append("put \(table) \(key.hash) \(Array(value))")
                case .delete, .unpost: kinds.append("other")
                }
            }
        }
        #expect(kinds == ["post", "put link 4 [5]"])
        #expect(writer.count == 2)
    }
}
