import Coordinator
import Identifiers
import JSON
import Testing

@testable import Gateway

/// ITI-119, Patient Demographics Match.
struct PatientMatchTests {
    private func doors() async -> DoorFixture {
        let doors = DoorFixture()
        await doors.send("POST", "/fhir/Patient", Sample.patient("1"))
        await doors.send("POST", "/fhir/Patient", Sample.patient("2"))
        await doors.send("POST", "/fhir/Patient", Sample.patient("3", birthDate: "1990-01-01"))
        await doors.send("POST", "/fhir/Patient", Sample.patient("4", family: "Other"))
        return doors
    }

    private let input = #"{"resourceType":"Patient","name":[{"family":"Okello"}],"birthDate":"1980-02-29"}"#

    private func parameters(_ resource: String, _ more: String = "") -> String {
        #"{"resourceType":"Parameters","parameter":[{"name":"resource","resource":"# + resource + "}" + more + "]}"
    }

    private func count(_ number: String) -> String { #",{"name":"count","valueInteger":"# + number + "}" }
    private let onlyCertain = #",{"name":"onlyCertainMatches","valueBoolean":true}"#

    private func ids(_ answer: DoorAnswer) -> [String] {
        (answer.json["entry"]?.array ?? []).compactMap { entry in
            entry["resource"]?["identifier"]?.array?.last?["value"]?.string
        }
    }

    @Test("Cases 1 and 2: all that match, best first, with score and grade; the same call gives the same bytes")
    func all() async throws {
        let doors = await doors()
        let answer = await doors.send("POST", "/fhir/Patient/$match", parameters(input))
        #expect(answer.status == 200)
        #expect(ids(answer) == ["1", "2", "3"])
        #expect(try GoldenAnswer.difference(answer.body, "match.json") == nil)
        let bare = await doors.send("POST", "/fhir/Patient/$match", input)
        #expect(bare.body == answer.body)
        #expect(await doors.registry.batches == [1, 1, 1, 1], "a match stores nothing")
    }

    @Test("Cases 3 to 5: only certain matches, and none where they may be different persons")
    func certain() async {
        let doors = await doors()
        let answer = await doors.send("POST", "/fhir/Patient/$match", parameters(input, onlyCertain))
        #expect(ids(answer) == ["1", "2"])
        let unsure = input.replacing("1980-02-29", with: "1970-01-01")
        let none = await doors.send("POST", "/fhir/Patient/$match", parameters(unsure, onlyCertain))
        #expect(none.status == 200 && none.json["entry"] == nil && none.json["total"]?.integer == 0)
    }

    @Test("Case 6: at most count")
    func limited() async {
        let doors = await doors()
        let answer = await doors.send("POST", "/fhir/Patient/$match", parameters(input, count("2")))
        #expect(ids(answer) == ["1", "2"])
    }

    @Test("Case 7: none; a patient who says too little gets a warning")
    func none() async {
        let doors = await doors()
        let stranger = input.replacing("Okello", with: "Nobody")
        let answer = await doors.send("POST", "/fhir/Patient/$match", stranger)
        #expect(answer.status == 200 && answer.json["entry"] == nil)
        let vague = await doors.send("POST", "/fhir/Patient/$match", #"{"resourceType":"Patient","gender":"male"}"#)
        #expect(vague.status == 200)
        #expect(vague.json["entry"]?[0]?["search"]?["mode"]?.string == "outcome")
        #expect(vague.json["entry"]?[0]?["resource"]?["issue"]?[0]?["severity"]?.string == "warning")
    }

    @Test("Case 9: faults of the request are 400 with the element")
    func faults() async {
        let doors = await doors()
        let bodies = [
            #"{"resourceType":"Parameters"}"#, parameters(input, #",{"name":"resource","resource":"# + input + "}"),
            #"{"resourceType":"Observation"}"#, parameters(input, count("0")), parameters(input, count("-1")),
            parameters(input, #",{"name":"onlyCertainMatches","valueString":"yes"}"#), "", "nonsense",
        ]
        for body in bodies {
            let answer = await doors.send(
                "POST",
                "/fhir/Patient/$match",
                body,
                ["content-type": "application/fhir+json"]
            )
            #expect(answer.status == 400, "\(body)")
            #expect(["invalid", "required", "value", "structure"].contains(answer.issue))
        }
        let inner = parameters(input.replacing("1980-02-29", with: "1980-02-30"))
        let answer = await doors.send("POST", "/fhir/Patient/$match", inner)
        #expect(answer.expression == "Parameters.parameter[0].resource.birthDate")
    }

    @Test("Case 10: a search that was cut says so")
    func incomplete() async {
        let doors = await doors()
        await doors.registry.cutMatches()
        let answer = await doors.send("POST", "/fhir/Patient/$match", input)
        let last = answer.json["entry"]?.array?.last
        #expect(last?["search"]?["mode"]?.string == "outcome")
        #expect(last?["resource"]?["issue"]?[0]?["code"]?.string == "incomplete")
    }

    @Test("Keys that could not be searched are named")
    func degraded() async {
        let doors = await doors()
        let key = MatchAnswer.UnsearchedKey(rule: "family+birthYear", slot: Slot(hash: 0), shard: ShardID(1))
        await doors.registry.silence([key])
        let answer = await doors.send("POST", "/fhir/Patient/$match", input)
        #expect(answer.status == 200)
        let issue = answer.json["entry"]?.array?.last?["resource"]?["issue"]?[0]
        #expect(issue?["code"]?.string == "incomplete")
        let words = issue?["diagnostics"]?.string ?? issue?["details"]?["text"]?.string ?? ""
        #expect(words.contains("family+birthYear") && words.contains("shard-2"), "\(words)")
    }

    @Test("A registry that does not answer in time is 503")
    func unavailable() async {
        let doors = await doors()
        await doors.registry.fail(with: .unavailable(reason: "deadline", retryAfterSeconds: 1))
        #expect(await doors.send("POST", "/fhir/Patient/$match", input).status == 503)
    }
}
