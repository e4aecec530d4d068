import FHIR
import JSON
import Testing

@Suite("Resources in XML (FHIR R4, 2.6.1)")
struct FHIRXMLTests {
    private static func json(_ xml: String) throws -> String {
        String(decoding: try FHIRXML.json(from: Array(xml.utf8)), as: UTF8.self)
    }

    private static func xml(_ json: String) throws -> String {
        String(decoding: try FHIRXML.xml(from: Array(json.utf8)), as: UTF8.self)
    }

    private static let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

    @Test(
        "one resource, two ways of writing it",
        arguments: [
            (
                #"<Patient xmlns="http://hl7.org/fhir"><id value="1"/><active value="true"/></Patient>"#,
                #"{"resourceType":"Patient","id":"1","active":true}"#
            ),
            (
                #"<Patient xmlns="http://hl7.org/fhir"><name><given value="A"/><given value="&lt;B&gt;"/></name></Patient>"#,
                #"{"resourceType":"Patient","name":[{"given":["A","<B>"]}]}"#
            ),
            (
                #"<Patient xmlns="http://hl7.org/fhir"><birthDate value="1980"><extension url="u">"#
                    + #"<valueDecimal value="1.50"/></extension></birthDate><multipleBirthInteger value="2"/></Patient>"#,
                #"{"resourceType":"Patient","birthDate":"1980","_birthDate":{"extension":[{"url":"u","#
                    + #""valueDecimal":1.50}]},"multipleBirthInteger":2}"#
            ),
            (
                #"<Bundle xmlns="http://hl7.org/fhir"><type value="batch"/><entry><resource><Patient><id value="1"/>"#
                    + #"</Patient></resource></entry></Bundle>"#,
                #"{"resourceType":"Bundle","type":"batch","entry":[{"resource":{"resourceType":"Patient","id":"1"}}]}"#
            ),
        ]
    )
    func bothWays(_ xml: String, _ json: String) throws {
        #expect(try Self.json(xml) == json)
        #expect(try Self.xml(json) == Self.head + xml)
    }

    @Test("elements are written in the order of their type, whatever the order in JSON")
    func order() throws {
        let xml = try Self.xml(#"{"birthDate":"1980","id":"1","resourceType":"Patient","active":true}"#)
        #expect(xml.hasSuffix(#"<id value="1"/><active value="true"/><birthDate value="1980"/></Patient>"#))
    }

    @Test(
        "what is not read",
        arguments: [
            "", "<", "x", "<Patient/>", #"<Patient xmlns="urn:other"/>"#, #"<Patient xmlns="http://hl7.org/fhir">"#,
            #"<!DOCTYPE x><Patient xmlns="http://hl7.org/fhir"/>"#,
            #"<Patient xmlns="http://hl7.org/fhir">a</Patient>"#,
            #"<Patient xmlns="http://hl7.org/fhir"><x value="1"/></Patient>"#,
            #"<Patient xmlns="http://hl7.org/fhir"><id value="&foo;"/></Patient>"#,
            #"<Patient xmlns="http://hl7.org/fhir"><active value="yes"/></Patient>"#,
            #"<Patient xmlns="http://hl7.org/fhir"><id value="1"/><id value="2"/></Patient>"#,
            #"<Patient xmlns="http://hl7.org/fhir"><name></Patient></name>"#,
            #"<Observation xmlns="http://hl7.org/fhir"/>"#, #"<Patient xmlns="http://hl7.org/fhir"/><a/>"#,
            String(repeating: #"<a xmlns="http://hl7.org/fhir">"#, count: 500),
        ]
    )
    func refused(_ xml: String) { #expect(throws: FHIRError.self) { try Self.json(xml) } }

    @Test("broken documents never trap", arguments: [UInt64(1), 2, 3])
    func broken(_ seed: UInt64) {
        let whole = Array(
            (#"<?xml version="1.0"?><!-- c --><f:Patient xmlns:f="http://hl7.org/fhir"><f:id value="a&#65;"/>"#
                + #"<f:name id="x"><f:given value='é'/></f:name></f:Patient>"#).utf8
        )
        var state = seed
        for _ in 0..<2_000 {
            var bytes = whole
            for _ in 0..<3 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let place = Int(state >> 33) % bytes.count
                if state & 1 == 0 {
                    bytes[place] = UInt8(truncatingIfNeeded: state >> 20)
                } else {
                    bytes.remove(at: place)
                }
            }
            _ = try? FHIRXML.json(from: bytes)
        }
    }
}
