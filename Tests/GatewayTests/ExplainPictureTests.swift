import Charts
import Coordinator
import Demographics
import Foundation
import Identifiers
import Identity
import JSON
import Testing

@testable import Gateway

/// Explanations as documents and pictures, held by golden files.
@Suite("Explain pictures")
struct ExplainPictureTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Golden/gateway")

    private func answer(given: String) async throws -> ExplainAnswer {
        let keys = ["1", "2"].map { RecordKey(source: "urn:clinic", value: $0) }
        let doors = DoorFixture()
        for (key, name) in zip(keys, ["Akinyi", given]) {
            await doors.send("PUT", "/fhir/Patient?identifier=\(key.source)|\(key.value)", patient(key.value, name))
        }
        var answer = try #require(try await doors.registry.explain(keys[0], keys[1]))
        answer.first.golden = GoldenID(birth: Sequence(1))
        answer.second.golden = GoldenID(birth: Sequence(answer.samePerson ? 1 : 2))
        let ids = keys.map(\.id)
        answer.names = Dictionary(uniqueKeysWithValues: zip(ids, keys))
        let pair = try #require(RecordPair(ids[0], ids[1]))
        var component = Component()
        for (index, id) in ids.sorted().enumerated() {
            component.members.append(
                .init(record: id, born: .zero, facts: .init(), golden: GoldenID(birth: Sequence(UInt64(index + 1))))
            )
        }
        let decision = StewardDecision(kind: .cannotLink, pair: pair, at: Sequence(9), by: "jane", comment: "twins")
        component.decisions = [decision]
        let policy = IdentityPolicy(matchThreshold: .init(bits: 10), reviewThreshold: .init(bits: 5))
        answer.standing = PairStanding(ids[0], in: component, ids[1], in: component, policy: policy)
        return answer
    }

    private func patient(_ value: String, _ given: String) -> String {
        """
        {"resourceType":"Patient","identifier":[{"system":"urn:clinic","value":"\(value)"}],
        "name":[{"family":"Okello","given":["\(given)"]}],"gender":"female","birthDate":"1980-02-29"}
        """
    }

    @Test("A pair of two persons, with what is missing and who decided")
    func document() async throws {
        let answer = try await answer(given: "Zuberi")
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("explanation")
        writer.explanation(answer.explanation)
        writer.key("standing")
        writer.standing(try #require(answer.standing), names: answer.names)
        writer.endObject()
        #expect(try GoldenAnswer.difference(writer.bytes, "explain.json") == nil)
    }

    @Test("The waterfall of the pair")
    func picture() async throws {
        let svg = ExplanationChart.waterfall(try await answer(given: "Zuberi")).svg
        let file = Self.folder.appending(path: "explain.svg")
        if ProcessInfo.processInfo.environment["TESSERA_REWRITE"] != nil { try Data(svg.utf8).write(to: file) }
        #expect(svg == (try String(contentsOf: file, encoding: .utf8)))
    }

    @Test("The picture is asked for by its media type")
    func negotiation() async {
        let doors = DoorFixture()
        for value in ["1", "2"] {
            await doors.send("PUT", "/fhir/Patient?identifier=urn:clinic|\(value)", patient(value, "Akinyi"))
        }
        let path = "/api/v1/explain?a=urn:clinic|1&b=urn:clinic|2"
        let picture = await doors.send("GET", path, "", ["accept": "image/svg+xml"])
        #expect(picture.status == 200)
        #expect(picture.headers["content-type"] == "image/svg+xml; charset=utf-8")
        #expect(picture.text.hasPrefix("<svg ") && picture.text.hasSuffix("</svg>\n"))
        #expect(picture.headers["vary"] == "accept")
        #expect(await doors.send("GET", path, "", ["accept": "*/*"]).headers["content-type"] == "application/json")
        #expect(await doors.send("GET", path, "", ["accept": "image/png"]).status == 406)
    }
}
