import FHIR
import Testing

/// Each fault names the element and says what would be right, and never repeats the value.
@Suite struct PatientFaultTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        let body: String
        let code: IssueCode
        let told: String
        var testDescription: String { body }
    }

    static let genders = "male | female | other | unknown"

    static let faults: [Fault] = [
        Fault(
            body: #""birthDate":"1985-13-02""#,
            code: .value,
            told: "Patient.birthDate: \(FHIRDate.Fault.notInCalendar)"
        ),
        Fault(
            body: #""birthDate":"1985-02-30""#,
            code: .value,
            told: "Patient.birthDate: \(FHIRDate.Fault.notInCalendar)"
        ),
        Fault(body: #""birthDate":"6/3/36""#, code: .value, told: "Patient.birthDate: \(FHIRDate.Fault.form)"),
        Fault(
            body: #""birthDate":"1985-01-01T00:00:00Z""#,
            code: .value,
            told: "Patient.birthDate: \(FHIRDate.Fault.form)"
        ),
        Fault(
            body: #""birthDate":19850101"#,
            code: .structure,
            told: "Patient.birthDate: expected a string, found a number"
        ),
        Fault(body: #""gender":"M""#, code: .codeInvalid, told: "Patient.gender: the code is not one of \(genders)"),
        Fault(body: #""active":"true""#, code: .structure, told: "Patient.active: expected a boolean, found a string"),
        Fault(
            body: #""name":{"family":"x"}"#,
            code: .structure,
            told: "Patient.name: expected an array, found an object"
        ),
        Fault(body: #""name":["x"]"#, code: .structure, told: "Patient.name[0]: expected an object, found a string"),
        Fault(
            body: #""name":[{"given":["a"]},{"given":["a",{"b":1}]}]"#,
            code: .structure,
            told: "Patient.name[1].given[1]: expected a string, found an object"
        ),
        Fault(
            body: #""name":[{"given":"a"}]"#,
            code: .structure,
            told: "Patient.name[0].given: expected an array, found a string"
        ),
        Fault(
            body: #""identifier":[{"value":12}]"#,
            code: .structure,
            told: "Patient.identifier[0].value: expected a string, found a number"
        ),
        Fault(
            body: #""name":[{"family":"a\u0001b"}]"#,
            code: .value,
            told: "Patient.name[0].family: control characters other than tab and line ends are not allowed"
        ),
        Fault(
            body: #""name":[{"family":"\#(String(repeating: "n", count: 10 << 10))"}]"#,
            code: .tooLong,
            told: "Patient.name[0].family: longer than 1024 bytes"
        ),
        Fault(
            body: #""name":[\#(Array(repeating: "{}", count: 65).joined(separator: ","))]"#,
            code: .tooLong,
            told: "Patient.name[64]: more than 64 elements"
        ),
        Fault(
            body: #""gender":"male","gender":"female""#,
            code: .structure,
            told: "Patient: the name \"gender\" appears twice in one object"
        ),
        Fault(
            body: #""deceasedBoolean":true,"deceasedDateTime":"2020""#,
            code: .structure,
            told: "Patient.deceasedDateTime: deceasedBoolean and deceasedDateTime exclude each other"
        ),
        Fault(
            body: #""deceasedDateTime":"2020-01-01T25:00:00Z""#,
            code: .value,
            told: "Patient.deceasedDateTime: the time of day does not exist"
        ),
        Fault(
            body: #""multipleBirthInteger":2.5"#,
            code: .value,
            told: "Patient.multipleBirthInteger: not an integer"
        ),
        Fault(
            body: #""multipleBirthInteger":"second""#,
            code: .value,
            told: "Patient.multipleBirthInteger: not an integer"
        ),
        Fault(
            body: #""telecom":[{"rank":0}]"#,
            code: .value,
            told: "Patient.telecom[0].rank: not a positive integer"
        ),
        Fault(
            body: #""link":[{"other":{}}]"#,
            code: .required,
            told: "Patient.link[0]: a link needs a type"
        ),
        Fault(
            body: #""link":[{"type":"replaced-by"}]"#,
            code: .required,
            told: "Patient.link[0]: a link of type replaced-by needs other"
        ),
        Fault(body: #""extension":[{}]"#, code: .required, told: "Patient.extension[0]: an extension needs a url"),
        Fault(
            body: #""photo":[{"data":}]"#,
            code: .structure,
            told: "Patient.photo[0].data: expected a value, found \"}\""
        ),
    ]

    @Test(arguments: faults) func `a fault names its element`(fault: Fault) throws {
        let error = try #require(patientError(#"{"resourceType":"Patient",\#(fault.body)}"#))
        #expect(error.code == fault.code)
        #expect("\(error.expression): \(error.reason)" == fault.told)
        #expect(error.line == 1)
        #expect(error.column > 26)
    }

    @Test func `a resource of another type, or of none, is refused`() throws {
        let other = try #require(patientError(#"{"resourceType":"Person"}"#))
        #expect(other.description == #"Patient.resourceType: expected the resourceType "Patient" (line 1, column 17)"#)
        let none = try #require(patientError(" {}"))
        #expect(none.code == .required)
        #expect(none.description == #"Patient: a resource needs its resourceType, here "Patient" (line 1, column 2)"#)
    }

    @Test func `the length of a text is counted without its escapes`() throws {
        let fits = String(repeating: "\\u0634", count: 512)
        let name = try patient(#"{"resourceType":"Patient","name":[{"family":"\#(fits)"}]}"#).names[0]
        #expect(name.family.utf8.count == 1_024)
        for text in ["\(fits)x", String(repeating: "\\u0061", count: 1_025)] {
            #expect(patientError(#"{"resourceType":"Patient","name":[{"family":"\#(text)"}]}"#)?.code == .tooLong)
        }
    }

    @Test func `a text that breaks off is told with its place`() throws {
        let error = try #require(patientError("{\"resourceType\":\"Patient\",\n \"name\":[{\"family\":\"Ok"))
        let reason = "expected the closing quote of a string, found the end of the text"
        #expect(error.description == "Patient.name[0].family: \(reason) (line 2, column 23)")
    }

    @Test func `bytes that are not UTF-8 are told with their element`() throws {
        let bytes = Array(#"{"resourceType":"Patient","name":[{"family":""#.utf8) + [0xC3, 0x28] + Array(#""}]}"#.utf8)
        #expect {
            _ = try Patient(decoding: bytes.span.bytes)
        } throws: {
            ($0 as? FHIRError)?.expression == "Patient.name[0].family"
        }
    }

    @Test func `a patient larger than the limit is refused before it is read`() throws {
        let huge = #"{"resourceType":"Patient","x":"\#(String(repeating: "x", count: Patient.bytesMax))"}"#
        #expect(patientError(huge)?.code == .tooLong)
    }

    @Test func `every prefix of a patient is refused and nothing traps`() {
        let bytes = Array(PatientTests.complete.utf8)
        for length in stride(from: 0, to: bytes.count, by: 3) {
            let part = Array(bytes.prefix(length))
            #expect(throws: FHIRError.self) { try Patient(decoding: part.span.bytes) }
        }
    }

    @Test func `an error moves into the bundle that holds the patient`() throws {
        let error = try #require(patientError(#"{"resourceType":"Patient","gender":"x"}"#))
        #expect(error.within("Bundle.entry[2].resource").expression == "Bundle.entry[2].resource.gender")
        #expect(patientError("{}")?.within("Bundle.entry[0].resource").expression == "Bundle.entry[0].resource")
    }
}
