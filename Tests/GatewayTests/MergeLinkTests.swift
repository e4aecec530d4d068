import Identifiers
import JSON
import Testing

@testable import Gateway

/// Which references name a record: one function for all who ask.
@Suite("Links between records")
struct MergeLinkTests {
    @Test("A link names a record by identifier, or by its own address here, and by nothing that ends alike")
    func links() async {
        let doors = DoorFixture()
        await doors.send("POST", "/fhir/Patient", Sample.patient("1"))
        await doors.send("POST", "/fhir/Patient", Sample.patient("2"))
        let (old, survivor) = (
            RecordKey(source: "urn:clinic", value: "1").id, RecordKey(source: "urn:clinic", value: "2").id
        )
        func merge(_ other: String) async -> DoorAnswer {
            let link = ",\"link\":[{\"other\":{\(other)},\"type\":\"replaces\"}]"
            let result = Sample.patient("2", id: survivor.description, more: link)
            return await doors.send(
                "POST",
                "/fhir/Patient/$merge",
                """
                {"resourceType":"Parameters","parameter":[
                {"name":"source-patient","valueReference":{"reference":"Patient/\(old)"}},
                {"name":"target-patient","valueReference":{"reference":"Patient/\(survivor)"}},
                {"name":"preview","valueBoolean":true},{"name":"result-patient","resource":\(result)}]}
                """
            )
        }
        let named = [
            "\"reference\":\"Patient/\(old)\"", "\"reference\":\"https://registry.example/fhir/Patient/\(old)\"",
            "\"identifier\":{\"system\":\"urn:clinic\",\"value\":\"1\"}",
        ]
        for other in named { #expect(await merge(other).status == 200) }
        let wrong = [
            "\"reference\":\"https://other.example/fhir/Patient/\(old)\"", "\"reference\":\"NotPatient/\(old)\"",
            "\"reference\":\"Patient/\(survivor)\"", "\"identifier\":{\"system\":\"urn:clinic\",\"value\":\"2\"}",
        ]
        for other in wrong { #expect(await merge(other).status == 400) }
    }
}
