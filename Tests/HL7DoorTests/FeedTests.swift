import Coordinator
import FHIR
import HL7v2
import Identifiers
import Testing
import Transport

@testable import HL7Door

@Suite("HL7 v2 feed")
struct FeedTests {
    static let jennifer =
        "PID|||RJ-439^^^TEST||JONES^JENNIFER^^^^^L|SMITH^^^^^^L|19840125|F|||123 Main^^NEWARK^NJ^30293||^PRN^PH^^^409^30495|^WPN^PH^^^1^2"

    @Test("A registration is acknowledged in its version, to its sender", arguments: ["A01", "A04", "A05", "A28"])
    func register(event: String) async throws {
        try await DoorFixture.run { fixture in
            let old = try await fixture.feed(event, Self.jennifer)
            #expect(old.header.raw(3) == "CR")
            #expect(old.header.raw(5) == "TEST_HARNESS")
            #expect(old.header.raw(6) == "TEST")
            #expect(old.header.raw(9) == "ACK^\(event)")
            #expect(old.header.raw(12) == "2.3.1")
            #expect(old.first("MSA")?.raw(1) == "AA")
            #expect(old.first("MSA")?.raw(2) == "1")
            let new = try await fixture.feed(event, Self.jennifer, version: "2.5")
            #expect(new.header.raw(9) == "ACK^\(event)^ACK")
            let record = try #require(try await fixture.record("1", "RJ-439"))
            // The same again changes nothing.
            #expect(record.version == 1)
        }
    }

    @Test("An update changes what it mentions")
    func update() async throws {
        try await DoorFixture.run { fixture in
            _ = try await fixture.feed("A01", Self.jennifer)
            let pid = "PID|||RJ-439^^^TEST||||||||5 Hill^^BOSTON^MA||\"\""
            #expect(try await fixture.feed("A08", pid).first("MSA")?.raw(1) == "AA")
            let record = try #require(try await fixture.record("1", "RJ-439"))
            let patient = try Patient(decoding: record.document.span.bytes)
            #expect(patient.names.first?.family == "JONES")
            #expect(patient.addresses.map(\.city) == ["BOSTON"])
            #expect(patient.telecom.map(\.value) == ["1 2"])
            #expect(record.version == 2)
            // Of somebody unknown it is a registration.
            #expect(try await fixture.feed("A31", "PID|||RJ-1^^^TEST||A^B").first("MSA")?.raw(1) == "AA")
            #expect(try await fixture.record("1", "RJ-1") != nil)
        }
    }

    @Test(
        "What cannot be taken is told with code and place, as the version has it",
        arguments: [
            ("PID|||RJ-438^^^&&||A^B", "AE", "PID^1^3^204&Unknown Key Identifier"),
            ("PID|||RJ-438^^^&&ISO||A^B", "AE", "PID^1^3^204&Unknown Key Identifier"),
            ("PID|||RJ-438^^^TEST_BLOCK||A^B", "AE", "PID^1^3^204&Unknown Key Identifier"),
            ("PID|||RJ-438^^^TEST_A||A^B", "AE", "PID^1^3^204&Unknown Key Identifier"),
            ("PID|||||A^B", "AE", "PID^1^3^101&Required field missing"),
            ("EVN||1", "AE", "PID^1^^100&Segment sequence error"),
            ("PID|||RJ-438^^^TEST||A^B||19831345", "AE", "PID^1^7^102&Data type error"),
        ]
    )
    func refused(pid: String, code: String, error: String) async throws {
        try await DoorFixture.run({ $0.fillsMissingDomain = false }) { fixture in
            let answer = try await fixture.feed("A01", pid)
            #expect(answer.first("MSA")?.raw(1) == code)
            #expect(answer.first("ERR")?.raw(1) == error)
            let new = try await fixture.feed("A01", pid, version: "2.5")
            #expect(new.first("ERR")?.isEmpty(1) == true)
            #expect(new.first("ERR")?.raw(2).hasPrefix("PID^1") == true)
            #expect(new.first("ERR")?.raw(4) == "E")
            #expect(new.first("ERR")?.isEmpty(8) == false)
        }
    }

    @Test(
        "Headers that are not understood are refused",
        arguments: [
            ("ORU^R01|1|P|2.5", "MSH^1^9^1^1", "200"), ("ADT^A99|1|P|2.5", "MSH^1^9^1^2", "201"),
            ("ADT^A01|1|X|2.5", "MSH^1^11", "202"), ("ADT^A01|1|P|9.9", "MSH^1^12", "203"),
            ("ADT^A01||P|2.5", "MSH^1^10", "101"), ("|1|P|2.5", "MSH^1^9", "101"),
        ]
    )
    func headers(rest: String, place: String, code: String) async throws {
        try await DoorFixture.run { fixture in
            let answer = try await fixture.send(["MSH|^~\\&|TEST_HARNESS|TEST|CR|MOH|2026||\(rest)", Self.jennifer])
            #expect(answer.first("MSA")?.raw(1) == "AR")
            if code != "203" {
                #expect(answer.first("ERR")?.raw(2) == place)
                #expect(answer.first("ERR")?.text(3) == code)
            }
        }
    }

    @Test("What cannot be read is refused with what its header says")
    func unreadable() async throws {
        try await DoorFixture.run { fixture in
            let answer = try await fixture.send(["MSH|^~\\&|A|B|CR|MOH|2026||ADT^A01|77|P|2.5", "???"])
            #expect(answer.first("MSA")?.raw(1) == "AR")
            #expect(answer.first("MSA")?.raw(2) == "77")
            let nothing = try await fixture.send(["GET / HTTP/1.1"])
            #expect(nothing.first("MSA")?.raw(1) == "AR")
        }
    }

    @Test("A missing domain is the sender's only one")
    func filled() async throws {
        try await DoorFixture.run { fixture in
            #expect(try await fixture.feed("A01", "PID|||RJ-499||A^B").first("MSA")?.raw(1) == "AA")
            #expect(try await fixture.record("1", "RJ-499") != nil)
            let other = try await fixture.feed("A01", "PID|||RJ-499||A^B", from: "TEST_OTHER")
            #expect(other.first("MSA")?.raw(1) == "AE")
        }
    }

    @Test("A newborn takes the mother's name from the mother's record")
    func mother() async throws {
        try await DoorFixture.run { fixture in
            _ = try await fixture.feed("A01", Self.jennifer)
            let child = "PID|||RJ-440^^^TEST||||20141001|M|||||||||||||RJ-439^^^TEST"
            #expect(try await fixture.feed("A01", child).first("MSA")?.raw(1) == "AA")
            let record = try #require(try await fixture.record("1", "RJ-440"))
            let patient = try Patient(decoding: record.document.span.bytes)
            #expect(
                patient.extensions.contains(
                    Extension(url: Patient.mothersMaidenNameURL, value: .text("JENNIFER JONES"))
                )
            )
        }
    }

    static func lines(mode: String) -> [String] {
        ["MSH|^~\\&|TEST_HARNESS|TEST|CR|MOH|2026||ADT^A01|1|P|2.5|||\(mode)", jennifer]
    }

    @Test("Enhanced mode is acknowledged as such, or not at all")
    func enhanced() async throws {
        try await DoorFixture.run { fixture in
            let accepted = try await fixture.send(Self.lines(mode: "AL|NE"))
            #expect(accepted.first("MSA")?.raw(1) == "CA")
            let applied = try await fixture.send(Self.lines(mode: "NE|AL"))
            #expect(applied.first("MSA")?.raw(1) == "AA")
            let silent = Array(Self.lines(mode: "NE|NE").joined(separator: "\r").utf8)
            #expect(await fixture.door.answer(silent, from: PeerInfo(address: "")) == nil)
        }
    }

    @Test("A certificate's name, where it is known, is who sends")
    func certificate() async throws {
        let clinic = PeerInfo.Certificate(
            subject: "CN=x",
            commonName: "TEST_HARNESS_B|TEST",
            alternativeNames: [],
            fingerprint: ""
        )
        try await DoorFixture.run { fixture in
            let lines = ["MSH|^~\\&|TEST_HARNESS|TEST|CR|MOH|2026||ADT^A01|1|P|2.3.1", Self.jennifer]
            let bytes = Array(lines.joined(separator: "\r").utf8)
            let peer = PeerInfo(address: "", isEncrypted: true, certificate: clinic)
            let answer = try HL7Message(decoding: try #require(await fixture.door.answer(bytes, from: peer)))
            #expect(answer.first("MSA")?.raw(1) == "AE")
        }
    }
}
