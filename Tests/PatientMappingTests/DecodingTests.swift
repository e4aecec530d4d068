import Demographics
import FHIR
import Identifiers
import PatientMapping
import Testing

/// What a record takes from a Patient of any system in the field.
@Suite struct DecodingTests {
    private func record(
        _ members: String,
        mapping: PatientMapping = PatientMapping(),
        key: RecordKey? = RecordKey(source: "s", value: "v")
    ) throws(FHIRError) -> SourceRecord {
        let bytes = Array(#"{"resourceType":"Patient",\#(members)}"#.utf8)
        return try mapping.record(decoding: bytes.span.bytes, key: key)
    }

    private func key(_ identifiers: String, mapping: PatientMapping = PatientMapping()) throws(FHIRError) -> String {
        try record(#""identifier":[\#(identifiers)]"#, mapping: mapping, key: nil).key.description
    }

    private static let national = #"{"system":"urn:ug","value":"CM9","type":{"coding":[{"code":"NI"}]}}"#

    @Test func `the first identifier of a source names the record`() throws {
        #expect(try key(#"{"system":"urn:a","value":"1"},{"system":"urn:b","value":"2"}"#) == "urn:a|1")
        #expect(try key(#"{"value":"0"},{"system":"urn:e"},{"system":"urn:a","value":"1"}"#) == "urn:a|1")
        #expect(try key(#"\#(Self.national),{"system":"urn:a","value":"1"}"#) == "urn:a|1")
        #expect(
            try key(#"{"system":"urn:tessera:national-id","value":"9"},{"system":"urn:a","value":"1"}"#) == "urn:a|1"
        )
        #expect(try key(#"{"system":"urn:tessera:golden","value":"9"},{"system":"urn:a","value":"1"}"#) == "urn:a|1")
        #expect(try key(#"{"system":"urn:o","value":"9","use":"old"},{"system":"urn:a","value":"1"}"#) == "urn:a|1")
    }

    @Test func `a national identifier names the record when there is no other, and is still compared`() throws {
        let record = try record(#""identifier":[\#(Self.national)]"#, key: nil)
        #expect(record.key == RecordKey(source: "urn:ug", value: "CM9"))
        #expect(record.identifiers == [PatientIdentifier(system: "urn:ug", value: "CM9", type: "NI")])
    }

    @Test func `configured source systems decide`() throws {
        var settings = PatientMapping.Settings()
        settings.sourceSystems = ["urn:b", "urn:c"]
        let mapping = PatientMapping(settings: settings)
        let identifiers =
            #"{"system":"urn:a","value":"1"},{"system":"urn:c","value":"3"},{"system":"urn:b","value":"2"}"#
        #expect(try key(identifiers, mapping: mapping) == "urn:c|3")
        #expect(throws: FHIRError.self) { try key(#"{"system":"urn:a","value":"1"}"#, mapping: mapping) }
    }

    @Test(arguments: [
        "", #"{"value":"1"}"#, #"{"system":"urn:a"}"#, #"{"system":"urn:tessera:golden","value":"9"}"#,
        #"{"system":"urn:o","value":"9","use":"old"}"#,
    ]) func `a patient that nothing names is refused`(identifiers: String) {
        do throws(FHIRError) {
            _ = try key(identifiers)
            Issue.record("accepted")
        } catch {
            #expect(error.code == .required)
            #expect(error.expression == "Patient.identifier")
        }
    }

    @Test func `a key that the caller knows is taken`() throws {
        let record = try record(#""identifier":[{"system":"urn:a","value":"1"},{"system":"s","value":"v"}]"#)
        #expect(record.key == RecordKey(source: "s", value: "v"))
        #expect(record.identifiers.map(\.system) == ["urn:a"])
    }

    @Test func `identifiers that name a person come first, those without a system are left out`() throws {
        let record = try record(
            #""identifier":[{"value":"loose"},{"system":"urn:a","value":"1"},{"value":"N1","type":{"coding":[{"code":"NI"}]}},"#
                + #"{"system":"urn:tessera:golden","value":"G"},\#(Self.national)]"#
        )
        #expect(
            record.identifiers == [
                PatientIdentifier(system: "urn:tessera:national-id", value: "N1", type: "NI"),
                PatientIdentifier(system: "urn:ug", value: "CM9", type: "NI"),
                PatientIdentifier(system: "urn:a", value: "1"),
            ]
        )
    }

    @Test func `names in use come before names of the past`() throws {
        let record = try record(
            #""name":[{"use":"maiden","family":"A"},{"use":"nickname","given":["B"]},{"family":"C"},{"use":"usual","family":"D"}]"#
        )
        #expect(record.names.map(\.use) == ["", "usual", "nickname", "maiden"])
    }

    @Test(arguments: [
        ("John Musoke Okello", ["John", "Musoke"], "Okello"), ("Okello, John Musoke", ["John", "Musoke"], "Okello"),
        ("van der Berg, Jan", ["Jan"], "van der Berg"), ("Madonna", [], "Madonna"),
    ]) func `a name that came as one text is taken apart`(text: String, given: [String], family: String) throws {
        let record = try record(#""name":[{"text":"\#(text)"}]"#)
        #expect(record.names == [PersonName(given: given, family: family)])
    }

    @Test(arguments: ["", " ", ",", " , "]) func `a name without a word is no name`(text: String) throws {
        #expect(try record(#""name":[{"text":"\#(text)"},{}]"#).names.isEmpty)
    }

    @Test func `junior stays with the family name`() throws {
        let record = try record(#""name":[{"family":"Smith","given":["Al"],"suffix":["Jr"]}]"#)
        #expect(record.names[0].family == "Smith Jr")
    }

    @Test func `contacts are ordered by rank, old ones last`() throws {
        let record = try record(
            #""telecom":[{"system":"phone","value":"1","use":"old","rank":1},{"system":"sms","value":"2"},"#
                + #"{"system":"email","value":"3","rank":1},{"value":"a@b"},{"value":"5"},{"system":"fax","value":"6"},{}]"#
        )
        #expect(record.contacts.map(\.value) == ["3", "2", "a@b", "5", "6", "1"])
        #expect(record.contacts.map(\.system) == [.email, .phone, .email, .phone, .other, .phone])
    }

    @Test func `an address takes its state for want of a district, and its text for want of all`() throws {
        let record = try record(
            #""address":[{"use":"old","city":"O"},{"text":"somewhere"},{"line":["Plot 1","","V"],"state":"NH","text":"t"},{}]"#
        )
        #expect(
            record.addresses == [
                PostalAddress(line: "somewhere"), PostalAddress(line: "Plot 1, V", district: "NH"),
                PostalAddress(city: "O"),
            ]
        )
    }

    @Test func `a patient at every limit still gives a record that can be written and read`() throws {
        let long = String(repeating: "x", count: 1_000)
        let many = { (text: String) in Array(repeating: text, count: 64).joined(separator: ",") }
        let mapping = PatientMapping()
        let record = try record(
            #""identifier":[\#(many(#"{"system":"urn:a","value":"1"}"#))],"#
                + #""name":[{"text":"\#(String(repeating: "a ", count: 500))"},{"family":"\#(long)","suffix":["\#(long)"]}],"#
                + #""address":[{"line":[\#(many("\"\(long)\""))]}],"contact":[{"relationship":[{"coding":[{"code":"MTH"}]}],"#
                + #""name":{"given":[\#(many("\"\(long)\""))]}}]"#
        )
        let bytes = mapping.encoded(record)
        #expect(try mapping.record(decoding: bytes.span.bytes) == record)
    }

    @Test func `the mother is told by extension or by contact`() throws {
        let contact =
            #""contact":[{"relationship":[{"coding":[{"code":"FTH"}]}],"name":{"family":"F"}},"#
            + #"{"relationship":[{"coding":[{"code":"MTH"}]}],"name":{"family":"Okello","given":["Mary"]}}]"#
        #expect(try record(contact).motherName == "Mary Okello")
        let told = #""extension":[{"url":"\#(Patient.mothersMaidenNameURL)","valueString":"Achieng"}]"#
        #expect(try record("\(told),\(contact)").motherName == "Achieng")
    }

    @Test func `what a record holds of life and death is taken`() throws {
        let record = try record(
            #""active":false,"gender":"other","deceasedDateTime":"2020-03","multipleBirthBoolean":true"#
        )
        #expect(!record.active)
        #expect(record.sex == "other")
        #expect(record.deathDate == "2020-03")
        #expect(record.multipleBirth == .known(true))
    }
}
