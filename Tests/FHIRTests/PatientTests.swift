import FHIR
import JSON
import Testing

/// The Patient that comes out is the Patient that was sent.
@Suite struct PatientTests {
    static let complete = #"""
        {"resourceType":"Patient","id":"p1","meta":{"versionId":"3","lastUpdated":"2024-05-01T10:00:00.5+02:00","tag":[{}]},
        "text":{"status":"generated","div":"<div>é</div>"},
        "extension":[{"url":"http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName","valueString":"Achieng"},
        {"url":"urn:x","valueAddress":{"city":"Y"}}],
        "identifier":[{"use":"official","type":{"coding":[{"system":"s","code":"x"},
        {"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"NI"}],"text":"NIN"},"system":"urn:ug",
        "value":"CM90","period":{"start":"2001-05-06"},"assigner":{"display":"NIRA"}},{"value":"loose"}],
        "active":true,"name":[{"use":"official","text":"Dr John Musoke Okello","family":"Okello","given":["John","Musoke"],
        "_given":[null,{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/iso21090-EN-qualifier",
        "valueCode":"MID"}]}],"prefix":["Dr"],"suffix":["Jr"],"period":{"start":"1990","end":"1999-12"}}],
        "telecom":[{"system":"phone","value":"+256 772 123456","use":"mobile","rank":1},{"system":"email","value":"a@b.c"}],
        "gender":"male","birthDate":"1990-02-28","_birthDate":{"extension":[]},"deceasedDateTime":"2020-03",
        "address":[{"use":"home","text":"all","line":["Plot 1","Village"],"city":"Kampala","district":"Central",
        "state":"CE","postalCode":"35720","country":"UG","period":{"start":"2019-01-01T00:00:00Z"}}],
        "maritalStatus":{"coding":[{"code":"M"}],"text":"Married"},"multipleBirthInteger":2,
        "photo":[{"data":"aGk="}],"contact":[{"relationship":[{"coding":[{"code":"MTH"}]}],
        "name":{"family":"Achieng"},"telecom":[{"value":"1"}]}],"communication":[{"language":{"text":"sw"}}],
        "managingOrganization":{"reference":"Organization/1","display":"Mulago"},
        "link":[{"other":{"reference":"Patient/9","identifier":{"system":"s","value":"v"}},"type":"replaced-by"}]}
        """#

    @Test func `every element that names a person is read`() throws {
        let patient = try patient(Self.complete)
        #expect(patient.id == "p1")
        #expect(patient.meta == Meta(versionId: "3", lastUpdated: "2024-05-01T10:00:00.5+02:00"))
        #expect(patient.identifiers.map(\.value) == ["CM90", "loose"])
        #expect(patient.identifiers[0].typeCode == "NI")
        #expect(patient.identifiers[0].assigner == "NIRA")
        #expect(patient.identifiers[1].typeCode == "")
        #expect(patient.active == true)
        #expect(patient.names[0].given == ["John", "Musoke"])
        #expect(patient.names[0].middleIndices == [1])
        #expect(patient.names[0].period?.end?.text == "1999-12")
        #expect(patient.telecom.map(\.system) == [.phone, .email])
        #expect(patient.telecom[0].rank == 1)
        #expect(patient.gender == .male)
        #expect(patient.birthDate == FHIRDate(year: 1990, month: 2, day: 28))
        #expect(patient.deceased == .dateTime(try FHIRDateTime(parsing: "2020-03")))
        #expect(patient.addresses[0].line == ["Plot 1", "Village"])
        #expect(patient.addresses[0].district == "Central")
        #expect(patient.maritalStatus?.text == "Married")
        #expect(patient.multipleBirth == .integer(2))
        #expect(patient.contacts[0].isMother)
        #expect(patient.managingOrganization?.display == "Mulago")
        #expect(
            patient.links == [
                PatientLink(
                    other: Reference(reference: "Patient/9", identifierSystem: "s", identifierValue: "v"),
                    kind: .replacedBy
                )
            ]
        )
        #expect(patient.extensions[0].value == .text("Achieng"))
        #expect(patient.extensions[1].value == .other)
    }

    @Test func `a patient that is written is read back the same, in the same bytes`() throws {
        var patient = try patient(Self.complete)
        patient.extensions.removeLast()
        let bytes = patient.encoded()
        let again = try Patient(decoding: bytes.span.bytes)
        #expect(again == patient)
        #expect(again.encoded() == bytes)
        _ = try JSONValue(parsing: bytes.span.bytes)
    }

    @Test func `the least patient has a type and nothing else`() throws {
        #expect(try patient(#"{"resourceType":"Patient"}"#) == Patient())
        #expect(text(Patient().encoded()) == #"{"resourceType":"Patient"}"#)
    }

    @Test func `the resource type may stand anywhere`() throws {
        #expect(try patient(#"{"gender":"female","resourceType":"Patient"}"#).gender == .female)
    }

    @Test func `null and the empty string count as absent`() throws {
        let patient = try patient(
            #"{"resourceType":"Patient","birthDate":null,"name":[{"family":"","given":[null,"B",""],"use":null}],"active":null}"#
        )
        #expect(patient.birthDate == nil)
        #expect(patient.active == nil)
        #expect(patient.names[0].family == "")
        #expect(patient.names[0].given == ["", "B", ""])
    }

    /// Both are sent by systems in the field, against the specification.
    @Test func `a birth order in quotes and a link to nothing are taken`() throws {
        let patient = try patient(#"{"resourceType":"Patient","multipleBirthInteger":"3","link":[{"type":"seealso"}]}"#)
        #expect(patient.multipleBirth == .integer(3))
        #expect(patient.links == [PatientLink(other: Reference(), kind: .seealso)])
    }

    @Test func `names and values may be written with escapes`() throws {
        let patient = try patient(
            #"{"\u0072esourceType":"\u0050atient","birthDate":"1990\u002d01-02","name":[{"family":"O\u0027Kello \ud83d\ude00"}]}"#
        )
        #expect(patient.birthDate?.description == "1990-01-02")
        #expect(patient.names[0].family == "O'Kello 😀")
    }
}
