import Testing

@testable import HL7v2

@Suite("HL7 v2 messages")
struct MessageTests {
    static let header = "MSH|^~\\&|CLINIC|KAMPALA|CR|MOH|20260101120000||ADT^A01^ADT_A01|17|P|2.5"

    static func message(_ lines: [String], end: String = "\r") throws(HL7Error) -> HL7Message {
        try HL7Message(decoding: Array((([header] + lines).joined(separator: end) + end).utf8))
    }

    @Test("A message is taken apart down to subcomponents")
    func parts() throws {
        let message = try Self.message(["PID|1||17^^^KLA&1.2.3&ISO^PI~18^^^LAB||AKELLO^GRACE^M"])
        let pid = try #require(message.first("PID"))
        let identifiers = pid.field(3)
        #expect(identifiers.repetitions.count == 2)
        #expect(identifiers.repetitions[0].text(1) == "17")
        #expect(identifiers.repetitions[0].component(4).subcomponents == ["KLA", "1.2.3", "ISO"])
        #expect(identifiers.repetitions[1].text(4) == "LAB")
        #expect(pid.text(5, 2) == "GRACE")
        #expect(pid.text(40).isEmpty)
        #expect(message.header.text(9, 2) == "A01")
        #expect(message.header.raw(1) == "|")
        #expect(message.header.raw(2) == "^~\\&")
    }

    @Test("Segments may end in CR, LF or both, with empty lines between", arguments: ["\r", "\n", "\r\n", "\r\n\r\n"])
    func ends(end: String) throws {
        let message = try Self.message(["EVN||2026", "PID|||17^^^KLA"], end: end)
        #expect(message.segments.map(\.name) == ["MSH", "EVN", "PID"])
    }

    @Test(
        "Escapes are resolved",
        arguments: [
            ("a\\F\\b", "a|b"), ("a\\S\\b", "a^b"), ("a\\T\\b", "a&b"), ("a\\R\\b", "a~b"), ("a\\E\\b", "a\\b"),
            ("\\X41\\\\X0D\\", "A\r"), ("\\XC3A9\\", "é"), ("\\H\\bold\\N\\", "bold"), ("one\\.br\\two", "one\ntwo"),
            // What means nothing stays as it is.
            ("Plot 5\\6", "Plot 5\\6"), ("\\Z12\\", "\\Z12\\"), ("\\X4\\", "\\X4\\"), ("\\XFF\\", "\\XFF\\"),
            ("\\", "\\"), ("\\\\", "\\\\"),
        ]
    )
    func escapes(written: String, value: String) throws {
        #expect(try Self.message(["PID|||17||\(written)"]).first("PID")?.text(5) == value)
    }

    @Test("What is written needs no luck to be read: delimiters and ends of segments are escaped")
    func escaping() throws {
        var segment = HL7Segment("PID")
        segment.set(5, "a|b^c&d~e\\f\rg\u{0B}é")
        #expect(segment.text == "PID|||||a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f\\X0D\\g\\X0B\\é")
    }

    @Test("The header says which delimiters there are")
    func delimiters() throws {
        let bytes = Array("MSH!*%?:!A!B!C!D!2026!!ADT*A01!1!P!2.5\rPID!!!17*5?S?6:x%18\r".utf8)
        let message = try HL7Message(decoding: bytes)
        #expect(message.first("PID")?.field(3).repetitions.map { $0.text(2) } == ["5*6", ""])
        #expect(message.first("PID")?.text(3, 2, 2) == "x")
        #expect(message.encoded() == bytes)
        let usual = try #require(message.first("PID")).rewritten(.usual)
        #expect(usual.text == "PID|||17^5*6&x~18")
    }

    @Test(
        "What cannot be read is refused with its place",
        arguments: [
            ("", "MSH^1 100"), ("PID|1", "MSH^1 100"), ("MSH", "MSH^1^1 102"), ("MSH|", "MSH^1^2 102"),
            ("MSH|^~\\|", "MSH^1^2 102"), ("MSH|^^^^|", "MSH^1^2 102"), ("MSHA^~\\&A", "MSH^1^1 102"),
            ("MSH|^~\\&|A\rpid|1", "MSH^1 100"), ("MSH|^~\\&|A\rPID|1\rhello", "PID^1 100"),
            ("MSH|^~\\&|A\rMSH|^~\\&|B", "MSH^2 100"),
            ("MSH|^~\\&||||||||||||||||KOI8", "MSH^1^18 103"),
            ("MSH|^~\\&||||||||||||||||ASCII~8859/1", "MSH^1^18^2 103"),
        ]
    )
    func faults(text: String, fault: String) throws {
        let error = try #require(throws: HL7Error.self) { try HL7Message(decoding: Array(text.utf8)) }
        #expect("\(error)".hasPrefix(fault + ":"), "\(error)")
    }

    @Test("Too much of anything is refused")
    func limits() throws {
        #expect(throws: HL7Error.self) {
            try HL7Message(decoding: [UInt8](repeating: 0x41, count: HL7Limits.messageBytes + 1))
        }
        #expect(throws: HL7Error.self) { try Self.message(.init(repeating: "NK1|1", count: HL7Limits.segments)) }
        #expect(throws: HL7Error.self) {
            try Self.message(["PID" + String(repeating: "|", count: HL7Limits.fields + 1)])
        }
        let error = try #require(throws: HL7Error.self) {
            try Self.message(["PID|||1^" + String(repeating: "&", count: HL7Limits.subcomponents)])
        }
        #expect(error.location.parts == ["PID", "1", "3", "1", "2", "33"])
        #expect(throws: HL7Error.self) {
            try Self.message(["PID|||" + String(repeating: "~", count: HL7Limits.repetitions)])
        }
    }

    @Test("Bytes are read in the character set of MSH-18, and written in it again")
    func characterSets() throws {
        let start = Array("MSH|^~\\&|A|B|C|D|2026||ADT^A01|1|P|2.5||||||".utf8)
        func bytes(_ set: String, _ name: [UInt8]) -> [UInt8] {
            start + Array(set.utf8) + Array("\rPID|||||".utf8) + name + [0x0D]
        }
        for (set, name, text) in [
            ("8859/1", [0x4A, 0xF6, 0x72, 0x67] as [UInt8], "Jörg"), ("8859/15", [0xA4], "€"), ("8859/5", [0xB0], "А"),
            ("8859/2", [0xA3], "Ł"), ("UNICODE UTF-8", Array("Łukasz".utf8), "Łukasz"),
            ("", Array("José".utf8), "José"),
            ("ASCII", Array("Jose".utf8), "Jose"),
        ] {
            let message = try HL7Message(decoding: bytes(set, name))
            #expect(message.first("PID")?.text(5) == text)
            #expect(message.encoded() == bytes(set, name) || set.isEmpty)
        }
        let error = try #require(throws: HL7Error.self) { try HL7Message(decoding: bytes("", [0x4A, 0xF6])) }
        #expect(error.location == .segment("PID"))
        #expect(throws: HL7Error.self) { try HL7Message(decoding: bytes("8859/7", [0xAE])) }
        #expect(throws: HL7Error.self) { try HL7Message(decoding: bytes("UNICODE UTF-8", [0xC3])) }
    }

    @Test("What a character set cannot write is written in UTF-8, which the header then says")
    func otherCharacterSet() throws {
        var header = HL7Segment("MSH")
        header.set(9, components: ["ACK", "A01"])
        var message = HL7Message(header: header, characterSet: .latin1)
        var pid = HL7Segment("PID")
        pid.set(5, "Łukasz")
        message.append(pid)
        let read = try HL7Message(decoding: message.encoded())
        #expect(read.header.text(18) == "UNICODE UTF-8")
        #expect(read.first("PID")?.text(5) == "Łukasz")
    }

    @Test("Of what cannot be read the header can still be told")
    func unreadable() {
        let bytes = Array("MSH|^~\\&|A|B|C|D|2026||ADT^A01|17|P|2.5\r???".utf8)
        #expect(HL7Message.header(ofUnreadable: bytes)?.text(10) == "17")
        #expect(HL7Message.header(ofUnreadable: Array("hello".utf8)) == nil)
    }

    @Test("A deletion is told from an empty field")
    func null() throws {
        let pid = try #require(try Self.message(["PID|||17||||||||||\"\"|"]).first("PID"))
        #expect(pid.field(13).isNull)
        #expect(!pid.field(14).isNull)
        #expect(pid.field(14).isEmpty)
    }
}
