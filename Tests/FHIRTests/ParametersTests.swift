import FHIR
import JSON
import Testing

/// The input of `Patient/$match`.
@Suite struct ParametersTests {
    private func match(_ text: String) throws(FHIRError) -> MatchParameters {
        let bytes = Array(text.utf8)
        return try MatchParameters(decoding: bytes.span.bytes)
    }

    @Test func `parameters give the patient and the options`() throws {
        let source = #"""
            {"resourceType":"Parameters","parameter":[{"name":"count","valueInteger":5},
             {"name":"resource","resource":{"resourceType":"Patient","id":"x"}},
             {"name":"onlyCertainMatches","valueBoolean":true},{"name":"other","part":[{"name":"p"}]}]}
            """#
        let input = try match(source)
        #expect(input.count == 5)
        #expect(input.onlyCertainMatches)
        #expect(input.resourceExpression == "Parameters.parameter[1].resource")
        let bytes = Array(source.utf8)
        #expect(try Patient(decoding: bytes.span.bytes.extracting(input.resource.range)).id == "x")
    }

    @Test func `a bare patient is enough`() throws {
        let source = #" {"resourceType":"Patient","id":"x"} "#
        let input = try match(source)
        #expect(input.count == nil)
        #expect(!input.onlyCertainMatches)
        let bytes = Array(source.utf8)
        #expect(try Patient(decoding: bytes.span.bytes.extracting(input.resource.range)).id == "x")
    }

    @Test(arguments: [
        #"{"resourceType":"Parameters"}"#,
        #"{"resourceType":"Parameters","parameter":[{"name":"resource","valueString":"x"}]}"#,
        #"{"resourceType":"Parameters","parameter":[{"name":"resource","resource":{}},{"name":"resource","resource":{}}]}"#,
        #"{"resourceType":"Parameters","parameter":[{"name":"resource","resource":{}},{"name":"count","valueInteger":0}]}"#,
        #"{"resourceType":"Parameters","parameter":[{"name":"resource","resource":{}},{"name":"count","valueString":"5"}]}"#,
        #"{"resourceType":"Parameters","parameter":[{"name":"resource","resource":{}},{"name":"count","valueInteger":"5"}]}"#,
        #"{"resourceType":"Parameters","parameter":[{"valueInteger":1}]}"#,
        #"{"resourceType":"Parameters","parameter":[{"name":"a","valueInteger":1,"valueString":"b"}]}"#,
        #"{"resourceType":"Bundle"}"#, "{}", "[]", "",
    ]) func `input that cannot be used is refused`(source: String) {
        #expect(throws: FHIRError.self) { try match(source) }
    }
}
