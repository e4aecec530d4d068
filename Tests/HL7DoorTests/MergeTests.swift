import FHIR
import Coordinator
import HL7v2
import Identifiers
import Testing

@testable import HL7Door

@Suite("HL7 v2 merges")
struct MergeTests {
    private func prepared(_ fixture: DoorFixture) async throws {
        _ = try await fixture.feed("A01", FeedTests.jennifer)
        _ = try await fixture.feed("A01", "PID|||RJ-999^^^TEST||JONES^JENN||198401|F")
        _ = try await fixture.feed("A01", "PID|||SJ-204^^^TEST_B||SMITH^SAM||198902|F", from: "TEST_HARNESS_B")
    }

    @Test("A merge subsumes the old identifier and makes one person")
    func merge() async throws {
        try await DoorFixture.run { fixture in
            try await prepared(fixture)
            let before = try #require(try await fixture.record("1", "RJ-999"))
            let survivor = try #require(try await fixture.record("1", "RJ-439"))
            #expect(before.golden != survivor.golden)
            let pid = "PID|||RJ-439^^^TEST||JONES^JENN"
            let answer = try await fixture.feed("A40", pid, id: "7", more: ["MRG|RJ-999^^^TEST"])
            #expect(answer.first("MSA")?.raw(1) == "AA")
            let after = try #require(try await fixture.record("1", "RJ-999"))
            let now = try await fixture.record("1", "RJ-439")
            #expect(after.golden == now?.golden)
            let patient = try Patient(decoding: after.document.span.bytes)
            #expect(patient.active == false)
            #expect(patient.links.first?.kind == .replacedBy)
            #expect(patient.links.first?.other.identifierValue == "RJ-439")
            let book = try await fixture.registry.rulings(before: nil, limit: 10)
            #expect(book.map(\.kind) == [.link] && book.first?.comment == "HL7 v2 A40")
            #expect(Set(book.first?.records ?? []) == [after.id, survivor.id])
            // The very same message again is answered the same; another one is told.
            let again = try await fixture.feed("A40", pid, id: "7", more: ["MRG|RJ-999^^^TEST"])
            #expect(again.first("MSA")?.raw(1) == "AA")
            let other = try await fixture.feed("A40", pid, id: "8", more: ["MRG|RJ-999^^^TEST"])
            #expect(other.first("MSA")?.raw(1) == "AE")
            let update = try await fixture.feed("A08", "PID|||RJ-999^^^TEST||A^B")
            #expect(update.first("ERR")?.raw(1) == "PID^1^3^204&Unknown Key Identifier")
        }
    }

    @Test(
        "A merge that cannot be is refused and changes nothing",
        arguments: [
            ("RJ-439^^^TEST", "MRG|RJ-1^^^TEST", "TEST_HARNESS", "MRG^1^1^204&Unknown Key Identifier"),
            ("RJ-1^^^TEST", "MRG|RJ-999^^^TEST", "TEST_HARNESS", "PID^1^3^204&Unknown Key Identifier"),
            ("RJ-439^^^TEST", "MRG|RJ-439^^^TEST", "TEST_HARNESS", "MRG^1^1^205&Duplicate Key Identifier"),
            ("RJ-439^^^TEST", "MRG|SJ-204^^^TEST_B", "TEST_HARNESS", "MRG^1^1^204&Unknown Key Identifier"),
            ("RJ-439^^^TEST", "MRG|RJ-999^^^TEST", "TEST_HARNESS_B", "PID^1^3^204&Unknown Key Identifier"),
            ("RJ-439^^^TEST", "PV1||I", "TEST_HARNESS", "MRG^1^^100&Segment sequence error"),
            ("RJ-439^^^TEST", "MRG|", "TEST_HARNESS", "MRG^1^1^101&Required field missing"),
        ]
    )
    func refused(identifier: String, mrg: String, client: String, error: String) async throws {
        try await DoorFixture.run { fixture in
            try await prepared(fixture)
            let answer = try await fixture.feed("A40", "PID|||\(identifier)||A^B", from: client, more: [mrg])
            #expect(answer.first("MSA")?.raw(1) == "AE")
            #expect(answer.first("ERR")?.raw(1) == error)
            #expect(try await fixture.record("1", "RJ-999")?.version == 1)
        }
    }

    @Test("A link makes one person of two, its undoing two of one")
    func link() async throws {
        try await DoorFixture.run { fixture in
            try await prepared(fixture)
            let pids = ["PID|||RJ-439^^^TEST", "PID|||RJ-999^^^TEST"]
            #expect(try await fixture.feed("A24", pids[0], more: [pids[1]]).first("MSA")?.raw(1) == "AA")
            var (first, second) = (try await fixture.record("1", "RJ-439"), try await fixture.record("1", "RJ-999"))
            #expect(first?.golden == second?.golden)
            #expect(try await fixture.feed("A37", pids[0], more: [pids[1]]).first("MSA")?.raw(1) == "AA")
            (first, second) = (try await fixture.record("1", "RJ-439"), try await fixture.record("1", "RJ-999"))
            #expect(first?.golden != second?.golden)
            // Said again it is no new entry.
            _ = try await fixture.feed("A37", pids[0], more: [pids[1]])
            #expect(try await fixture.registry.rulings(before: nil, limit: 10).map(\.kind) == [.never, .link])
        }
    }
}
