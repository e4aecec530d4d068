import Coordinator
import Demographics
import HL7v2
import Identifiers
import ShardProtocol
import Testing
import Transport

@testable import HL7Door

@Suite("HL7 v2 queries")
struct QueryTests {
    static let header = "MSH|^~\\&|TEST_HARNESS|TEST|CR|MOH|20260101||"

    private func pix(_ fixture: DoorFixture, _ query: String) async throws -> HL7Message {
        try await fixture.send([Self.header + "QBP^Q23^QBP_Q21|9|P|2.5", "QPD|IHE PIX Query|T1|\(query)", "RCP|I"])
    }

    private func pdq(_ fixture: DoorFixture, _ query: String, _ more: [String] = ["RCP|I"]) async throws -> HL7Message {
        try await fixture.send([Self.header + "QBP^Q22^QBP_Q21|9|P|2.5", "QPD|IHE PDQ Query|T1|\(query)"] + more)
    }

    private func linked(_ fixture: DoorFixture) async throws {
        let rest = "~CM1^^^NID||JONES^JENNIFER||19840125|F"
        _ = try await fixture.feed("A01", "PID|||A1^^^TEST_A^PI\(rest)", from: "TEST_HARNESS_A")
        _ = try await fixture.feed("A01", "PID|||B1^^^TEST_B\(rest)", from: "TEST_HARNESS_B")
    }

    @Test(
        "The cases of ITI-9",
        arguments: [
            ("A1^^^TEST_A|^^^TEST_B", "AA", "OK", "", "B1"), ("A1^^^TEST_A|^^^TEST", "AA", "NF", "", ""),
            ("A1^^^TEST_A", "AA", "OK", "", "B1,CM1"), ("CM1^^^NID|^^^TEST_A~^^^TEST_B", "AA", "OK", "", "A1,B1"),
            ("X^^^TEST_A", "AE", "AE", "QPD^1^3^1^1", ""), ("A1^^^NOBODY", "AE", "AE", "QPD^1^3^1^4", ""),
            ("A1", "AE", "AE", "QPD^1^3^1^4", ""), ("|^^^TEST_A", "AE", "AE", "QPD^1^3^1^1", ""),
            ("A1^^^TEST_A|^^^TEST_B~^^^NOBODY", "AE", "AE", "QPD^1^4^2", ""),
        ]
    )
    func crossReference(query: String, code: String, status: String, place: String, values: String) async throws {
        try await DoorFixture.run { fixture in
            try await linked(fixture)
            let answer = try await pix(fixture, query)
            #expect(answer.first("MSA")?.raw(1) == code)
            #expect(answer.first("QAK")?.raw(2) == status)
            #expect(answer.first("QAK")?.raw(1) == "T1")
            #expect((answer.first("ERR")?.raw(2) ?? "") == place)
            let found = answer.first("PID")?.field(3).repetitions.map { $0.text(1) } ?? []
            #expect(found.joined(separator: ",") == values)
            if !values.isEmpty { #expect(answer.first("PID")?.raw(5) == "~^^^^^^S") }
        }
    }

    @Test("OpenHIE's reading tells the identifier that was asked about")
    func openHIE() async throws {
        try await DoorFixture.run({ $0.profile = .openhie }) { fixture in
            try await linked(fixture)
            let answer = try await pix(fixture, "A1^^^TEST_A|^^^TEST_A")
            #expect(answer.first("PID")?.field(3).first.text(1) == "A1")
            #expect(try await pix(fixture, "A1^^^NOBODY").first("ERR")?.raw(2) == "QPD^1^3^4^1")
        }
    }

    @Test(
        "Patients are found by the fields of PID",
        arguments: [
            ("@PID.5.1^jones", 1, "exact"), ("@PID.5.1^JO*~@PID.5.2^JEN*", 1, "pattern"),
            ("@PID.5.1^JONEZ~@PID.5.2^JENIPHER", 1, "phonetic"), ("@PID.5.1^JONES~@PID.5.2^JENN", 1, "name variant"),
            ("@PID.5.1^JONES~@PID.5.2^JASON", 0, ""), ("@PID.7^1984", 1, "exact"),
            ("@PID.7^198401~@PID.8^F", 1, "exact"),
            ("@PID.7^1985", 0, ""), ("@PID.8^M~@PID.5.1^JONES", 0, ""), ("@PID.8^F", 1, "exact"),
            ("@PID.3.1^A1~@PID.3.4.1^TEST_A", 1, "exact"), ("@PID.3.1^A1~@PID.3.4.1^TEST_B", 0, ""),
            ("@PID.3.1^CM1~@PID.3.4.2^2.16.840.1.113883.3.72.5.9.9~@PID.3.4.3^ISO", 1, "exact"),
            ("@PID.3.1^A1~@PID.3.4.1^NOBODY", 0, ""), ("@PID.5.1^SMITH~@PID.5.1^JONES", 1, "exact"),
        ]
    )
    func demographics(query: String, count: Int, way: String) async throws {
        try await DoorFixture.run { fixture in
            try await linked(fixture)
            let answer = try await pdq(fixture, query)
            #expect(answer.first("MSA")?.raw(1) == "AA")
            #expect(answer.first("QAK")?.raw(2) == (count == 0 ? "NF" : "OK"))
            #expect(answer.all("PID").count == count)
            #expect((answer.first("QRI")?.raw(3) ?? "") == way)
        }
    }

    @Test("A record whose document cannot be read hides nobody else")
    func unreadable() async throws {
        try await DoorFixture.run { fixture in
            try await linked(fixture)
            let record = SourceRecord(key: RecordKey(source: "urn:of:another:door", value: "1"))
            _ = await fixture.registry.submit([Submission(record: record, document: Array("[1]".utf8))])
            let answer = try await pdq(fixture, "@PID.8^F")
            #expect(answer.first("MSA")?.raw(1) == "AA")
            #expect(answer.all("PID").count == 1)
        }
    }

    @Test("Pages go on by their pointer, until the search is cancelled")
    func pages() async throws {
        try await DoorFixture.run { fixture in
            for (index, name) in ["ABEBE^RUTH||1950", "BIRUNGI^PAUL||1961", "CHEBET^IVY||1972"].enumerated() {
                _ = try await fixture.feed("A01", "PID|||P\(index)^^^TEST||\(name)|F")
            }
            let first = try await pdq(fixture, "@PID.8^F", ["RCP|I|2^RD"])
            #expect(first.all("PID").count == 2)
            let pointer = try #require(first.first("DSC")?.raw(1))
            let second = try await pdq(fixture, "@PID.8^F", ["RCP|I|2^RD", "DSC|\(pointer)|I"])
            #expect(second.all("PID").count == 1)
            #expect(second.first("DSC") == nil)
            let cancel = [Self.header + "QCN^J01^QCN_J01|9|P|2.5", "QID|T1|IHE PDQ Query"]
            #expect(try await fixture.send(cancel).first("MSA")?.raw(1) == "AA")
            let third = try await pdq(fixture, "@PID.8^F", ["RCP|I|2^RD", "DSC|\(pointer)|I"])
            #expect(third.first("MSA")?.raw(1) == "AE")
        }
    }
}
