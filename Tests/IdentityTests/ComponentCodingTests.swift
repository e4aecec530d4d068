import TestRandom
import Bytes
import Demographics
import Identifiers
import Identity
import Testing

@Suite struct ComponentCodingTests {
    /// Stored rows outlive programs: these bytes may never change for version 1.
    @Test func aRowOfVersionOneIsFrozen() throws {
        let component = try sample()
        let hex = component.encoded().map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        #expect(
            hex
                == """
                0102c616702376f8d97051fa0c831084d4c30301000000000000000005013ab7c2000201efbeadde0000000001070000
                00000000002a000000000000000200000000000000000602000000000000000000000000000000030000000000000001
                07000001010001a8610000010102000000000000000300000000000000090361646d03776879010100000000000000aa
                000000000000008813000001010000000000000002000000000000001110270000bc02
                """.filter { !$0.isWhitespace }
        )
        let decoded = try component.encoded().withUnsafeBytes { try Component(decoding: $0) }
        #expect(decoded == component)
    }

    @Test(arguments: 0..<40)
    func everyRowReadsBack(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let policy = PartitionPropertyTests.policies[Int(seed) % 3]
        var world = RandomWorld(seed: seed, policy: policy, count: 14, density: 30)
        var registry = RegistryModel(policy: policy)
        for _ in 0..<40 {
            let move = world.randomMove(&generator)
            try registry.apply([world.perform(move)])
        }
        for resolved in registry.lastResolution.components {
            let bytes = resolved.component.encoded()
            let decoded = try bytes.withUnsafeBytes { try Component(decoding: $0) }
            #expect(decoded == resolved.component)
            #expect(decoded.encoded() == bytes)
        }
    }

    @Test func everyCutOfARowIsRefused() throws {
        let bytes = try sample().encoded()
        for length in bytes.indices {
            #expect(throws: IdentityError.self) {
                try bytes[..<length].withUnsafeBytes { try Component(decoding: $0) }
            }
        }
        #expect(throws: IdentityError.bytes(.trailing(at: bytes.count))) {
            try (bytes + [0]).withUnsafeBytes { try Component(decoding: $0) }
        }
        #expect(throws: IdentityError.unknownVersion(2)) {
            try ([2] + bytes[1...]).withUnsafeBytes { try Component(decoding: $0) }
        }
    }

    /// Whatever is read is canonical: it writes the bytes it was read from.
    @Test(arguments: 0..<50)
    func damagedRowsAreRefusedOrCanonical(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let good = try sample().encoded()
        for _ in 0..<400 {
            var bytes = good
            for _ in 0...generator.below(4) { bytes[generator.below(bytes.count)] = UInt8(generator.below(256)) }
            if generator.chance(20) { bytes.removeSubrange(generator.below(bytes.count)...) }
            guard let component = try? bytes.withUnsafeBytes({ try Component(decoding: $0) }) else { continue }
            let again = try component.encoded().withUnsafeBytes { try Component(decoding: $0) }
            #expect(again == component)
        }
        for _ in 0..<400 {
            var bytes = (0..<generator.below(200)).map { _ in UInt8(generator.below(256)) }
            if !bytes.isEmpty { bytes[0] = 1 }
            _ = try? bytes.withUnsafeBytes { try Component(decoding: $0) }
            _ = try? bytes.withUnsafeBytes { try IdentityEvent(decoding: $0) }
        }
    }

    /// A huge count without the bytes to back it must not be believed.
    @Test func countsBeyondTheLimitsAreRefused() throws {
        var writer = ByteWriter()
        writer.write(UInt8(1))
        writer.write(varint: UInt64(IdentityLimits.anchors) + 1)
        #expect(throws: IdentityError.bytes(.tooLarge(at: 1, value: 65_537, limit: 65_536))) {
            try writer.bytes.withUnsafeBytes { try Component(decoding: $0) }
        }
    }

    @Test func eventsOfVersionOneAreFrozen() throws {
        let golden = GoldenID(rawValue: 0x1122_3344_5566_7788)
        let other = GoldenID(rawValue: 0x99AA_BBCC_DDEE_FF00)
        let record = RecordID(5)
        let pair = try #require(RecordPair(RecordID(1), RecordID(2)))
        let task = ReviewTask(
            pair: pair,
            reason: .guardForbade(.differentBirthOrder),
            weight: .init(millibits: -2),
            harm: 3
        )
        let expected: [(IdentityEvent, String)] = [
            (.recordLinked(record: record, from: nil, to: golden), "0101050000000000000000" + "8877665544332211"),
            (
                .recordLinked(record: record, from: other, to: golden),
                "0101050000000000000001" + "00ffeeddccbbaa99" + "8877665544332211"
            ),
            (.recordRemoved(record: record, from: golden), "01020500000000000000" + "8877665544332211"),
            (.personsMerged(survivor: golden, retired: other), "0103" + "8877665544332211" + "00ffeeddccbbaa99"),
            (.personSplit(from: golden, new: other), "0104" + "8877665544332211" + "00ffeeddccbbaa99"),
            (.goldenRetired(golden), "0105" + "8877665544332211"),
            (.reviewRaised(task), "010601000000000000000200000000000000" + "12feffffff0300"),
            (.reviewSettled(task), "010701000000000000000200000000000000" + "12feffffff0300"),
            (
                .goldenRedirected(golden, from: other, to: golden),
                "0108" + "8877665544332211" + "00ffeeddccbbaa99" + "8877665544332211"
            ),
        ]
        for (event, hex) in expected {
            let bytes = event.encoded()
            #expect(bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined() == hex)
            let decoded = try bytes.withUnsafeBytes { try IdentityEvent(decoding: $0) }
            #expect(decoded == event)
            for length in bytes.indices {
                #expect(throws: IdentityError.self) {
                    try bytes[..<length].withUnsafeBytes { try IdentityEvent(decoding: $0) }
                }
            }
        }
    }

    private func sample() throws -> Component {
        var facts = GuardFacts()
        facts.birthDate = 12_760_890
        facts.sex = 2
        facts.birthOrder = 1
        facts.givenName = 0xDEAD_BEEF
        facts.identifiers = [.init(authority: 7, value: 42)]
        let goldens = [GoldenID(birth: Sequence(3)), GoldenID(birth: Sequence(8))]
        let (one, two, three) = (RecordID(1), RecordID(2), RecordID(3))
        var component = Component()
        component.members = [
            .init(record: one, born: Sequence(5), facts: facts, golden: goldens[0]),
            .init(record: two, born: Sequence(6), facts: GuardFacts(), golden: goldens[1]),
            .init(record: three, born: Sequence(7), facts: GuardFacts(), isAbsent: true),
        ]
        component.anchors = [.init(golden: goldens[0], record: one), .init(golden: goldens[1], record: two)]
        component.edges = [.init(pair: try #require(RecordPair(one, two)), weight: .init(millibits: 25_000))]
        component.decisions = [
            StewardDecision(
                kind: .mustLink,
                pair: try #require(RecordPair(two, three)),
                at: Sequence(9),
                by: "adm",
                comment: "why"
            )
        ]
        component.doubts = [.init(pair: try #require(RecordPair(one, RecordID(170))), weight: .init(millibits: 5_000))]
        component.reviews = [
            ReviewTask(
                pair: try #require(RecordPair(one, two)),
                reason: .guardForbade(.differentIdentifiers),
                weight: .init(millibits: 10_000),
                harm: 700
            )
        ]
        return component
    }
}
