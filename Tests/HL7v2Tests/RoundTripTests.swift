import TestRandom
import Testing

@testable import HL7v2

/// Random messages: what is built is written, read and told the same; what is written is read to the same bytes.
@Suite("HL7 v2 round trips")
struct RoundTripTests {
    static let signs = Array("abcXYZ019 |^~\\&\"\r\n\u{0B}\u{1C}#!éŁ漢\u{7F}.")

    static func text(_ random: inout SeededGenerator) -> String {
        String((0..<Int.random(in: 1...8, using: &random)).compactMap { _ in signs.randomElement(using: &random) })
    }

    static func field(_ random: inout SeededGenerator) -> HL7Field {
        HL7Field(
            (0..<Int.random(in: 1...3, using: &random)).map { _ in
                HL7Repetition(
                    (0..<Int.random(in: 1...4, using: &random)).map { _ in
                        HL7Component(
                            subcomponents: (0..<Int.random(in: 1...3, using: &random)).map { _ in text(&random) }
                        )
                    }
                )
            }
        )
    }

    @Test("Values survive", arguments: 0..<200)
    func values(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let delimiters =
            seed.isMultiple(of: 3)
            ? Delimiters(
                field: 0x21,
                component: 0x2A,
                repetition: 0x25,
                escape: 0x3F,
                subcomponent: 0x3A,
                truncation: 0x23
            )
            : .usual
        var header = HL7Segment("MSH", delimiters: delimiters)
        header.set(18, CharacterSet.utf8.name)
        var message = HL7Message(header: header)
        var built: [HL7Field] = []
        for _ in 0..<Int.random(in: 1...5, using: &random) {
            var segment = HL7Segment("ZTS", delimiters: delimiters)
            built.append(Self.field(&random))
            segment.set(Int.random(in: 1...9, using: &random), built[built.count - 1])
            message.append(segment)
        }
        let bytes = message.encoded()
        let read = try HL7Message(decoding: bytes)
        let fields = read.all("ZTS").map { segment in segment.field(segment.written.count) }
        #expect(fields == built)
        #expect(read.encoded() == bytes)
        #expect(
            read.all("ZTS").map { $0.rewritten(.usual).rewritten(delimiters).text } == message.all("ZTS").map(\.text)
        )
    }

    @Test(
        "Whatever the bytes: a message that is read is written and read the same, or it is refused",
        arguments: 0..<300
    )
    func anything(seed: UInt64) {
        var random = SeededGenerator(seed: seed &+ 1_000)
        var bytes = Array((MessageTests.header + "\rPID|1||17^^^KLA&1.2&ISO~18||A^B||1980|F\rPV1||O\r").utf8)
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
            case 2: bytes.remove(at: place)
            default:
                bytes.replaceSubrange(place..<place, with: bytes[Int.random(in: 0..<bytes.count, using: &random)...])
            }
        }
        do throws(HL7Error) {
            let message = try HL7Message(decoding: bytes)
            let once = message.encoded()
            let again = try HL7Message(decoding: once)
            #expect(again.segments.map(\.written) == message.segments.map(\.written) || message.characterSet != .utf8)
            #expect(again.encoded() == once)
        } catch {
            #expect(!error.location.segment.isEmpty)
            #expect(!error.reason.isEmpty)
        }
    }
}
