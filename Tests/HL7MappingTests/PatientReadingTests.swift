import Authorities
import FHIR
import HL7v2
import Testing

@testable import HL7Mapping

@Suite("PID and Patient")
struct PatientReadingTests {
    static let authorities: AuthorityRegistry = {
        let list = [
            Authority(name: "TEST", oid: "1.2.3", assigners: ["CLINIC|KLA"]),
            Authority(name: "NID", oid: "1.2.9", display: "National registration"),
        ]
        guard let registry = try? AuthorityRegistry(list, unknown: .refuse) else { preconditionFailure("a fixed list") }
        return registry
    }()

    static func pid(_ text: String) throws -> HL7Segment {
        let header = "MSH|^~\\&|A|B|C|D|2026||ADT^A01|1|P|2.5||||||UNICODE UTF-8\r"
        return try #require(try HL7Message(decoding: Array((header + text + "\r").utf8)).first("PID"))
    }

    static func patient(_ text: String) throws -> Patient {
        let pid = try pid(text)
        let reading = IdentifierReading(authorities: authorities)
        return try PatientReading(identifiers: reading, nationalSystem: "urn:tessera:national-id")
            .patient(pid, own: try reading.identifiers(pid, 3))
    }

    @Test("All that FHIR has a place for is there")
    func whole() throws {
        let patient = try Self.patient(
            "PID|||17^^^TEST^PI~CM83^^^NID^PI||AKELLO^GRACE^M^^^^L~^Gracie^^^^^N|OKELLO^MARY|198502|F||"
                + "|Plot 5^Zone 2^Gulu^North^256^UG^H||^PRN^PH^^^772^123456~^NET^Internet^a@b.org|^WPN^PH^^256^41^5|en|M"
                + "||AC1|S-1|||||Y|2||||20240101|Y"
        )
        #expect(patient.identifiers.map(\.value) == ["17", "CM83", "AC1", "S-1"])
        #expect(patient.identifiers.map(\.system) == ["urn:oid:1.2.3", "urn:oid:1.2.9", "", "urn:tessera:national-id"])
        #expect(patient.identifiers[1].typeCode == "NI")
        #expect(patient.identifiers[1].assigner == "National registration")
        #expect(patient.names[0].family == "AKELLO")
        #expect(patient.names[0].given == ["GRACE", "M"])
        #expect(patient.names[0].middleIndices == [1])
        #expect(patient.names[1].use == .nickname)
        #expect(patient.birthDate?.description == "1985-02")
        #expect(patient.gender == .female)
        #expect(patient.addresses[0].line == ["Plot 5", "Zone 2"])
        #expect(patient.telecom.map(\.value) == ["772 123456", "a@b.org", "+256 41 5"])
        #expect(patient.telecom.map(\.use) == [.home, .home, .work])
        #expect(patient.multipleBirth == .integer(2))
        #expect(patient.maritalStatus?.codings.first?.code == "M")
        guard case .dateTime(let date)? = patient.deceased else { return #expect(Bool(false), "no date of death") }
        #expect(date.text == "2024-01-01")
        let mother = Extension(url: Patient.mothersMaidenNameURL, value: .text("MARY OKELLO"))
        #expect(patient.extensions.contains(mother))
    }

    @Test("The segment is kept without identifiers, through the bytes of a Patient")
    func kept() throws {
        let address = String(repeating: "Plot 5 \u{1F600}é ", count: 40)
        let text = "PID|1||17^^^TEST||AKELLO^GRACE|||F|||\(address)~\(address)~\(address)^^Gulu||\"\"|x\\T\\y|en|||AC1"
        let decoded = try Patient(decoding: try Self.patient(text).encoded().span.bytes)
        let kept = try #require(KeptSegment.segment(of: decoded))
        #expect(kept.isEmpty(3))
        #expect(kept.isEmpty(13))
        #expect(kept.isEmpty(18))
        #expect(kept.raw(11) == "\(address)~\(address)~\(address)^^Gulu")
        #expect(kept.text(14) == "x&y")
        #expect(kept.text(15) == "en")
    }

    @Test(
        "Faults are told with their place",
        arguments: [
            ("PID|||17", "PID^1^3^1^4 204"), ("PID|||17^^^&&", "PID^1^3^1^4 204"),
            ("PID|||17^^^&1.2.3", "PID^1^3^1^4 204"),
            ("PID|||17^^^&&ISO", "PID^1^3^1^4 204"), ("PID|||17^^^OTHER", "PID^1^3^1^4 204"),
            ("PID|||17^^^TEST~18^^^NID&1.2.3&ISO", "PID^1^3^2^4 204"), ("PID|||^^^TEST", "PID^1^3^1^1 101"),
            ("PID|||1\\X00\\7^^^TEST", "PID^1^3^1^1 102"), ("PID|||17^^^TEST||||19831345", "PID^1^7^1^1 102"),
            ("PID|||17^^^TEST||||1983-01-01", "PID^1^7^1^1 102"), ("PID|||17^^^TEST|||||X", "PID^1^8^1^1 103"),
            ("PID|||17^^^TEST|||||||||||||||||||||||Z", "PID^1^26 none"),
            ("PID|||17^^^TEST|||||||||||||||||||||x", "PID^1^24^1^1 103"),
        ]
    )
    func faults(text: String, fault: String) throws {
        do throws(HL7Error) {
            let pid = try HL7Message(decoding: Array(("MSH|^~\\&|A|B|C|D|2026||ADT^A01|1|P|2.5\r" + text).utf8)).first(
                "PID"
            )
            let reading = IdentifierReading(authorities: Self.authorities)
            guard let pid else { return }
            _ = try PatientReading(identifiers: reading, nationalSystem: "n").patient(
                pid,
                own: try reading.identifiers(pid, 3)
            )
            #expect(fault.hasSuffix("none"))
        } catch {
            #expect("\(error)".hasPrefix(fault + ":"), "\(error)")
        }
    }

    @Test("A Patient that came as FHIR is told as a segment")
    func writing() throws {
        var patient = Patient()
        var name = HumanName(use: .official, family: "Okello", given: ["Peter", "James"])
        name.middleIndices = [1]
        patient.names = [name]
        patient.birthDate = FHIRDate(year: 1961, month: 11)
        patient.gender = .male
        patient.telecom = [
            ContactPoint(system: .phone, value: "0701", use: .mobile), ContactPoint(system: .email, value: "a@b"),
        ]
        patient.deceased = .boolean(true)
        patient.multipleBirth = .integer(2)
        patient.extensions = [Extension(url: Patient.mothersMaidenNameURL, value: .text("Mary Foster"))]
        let pid = PatientWriting(authorities: Self.authorities).segment(patient)
        #expect(
            pid.text
                == "PID|||||Okello^Peter^James^^^^L|Foster^Mary^^^^^L|196111|M|||||0701^PRN^CP~^NET^Internet^a@b||||||||"
                + "|||Y|2|||||Y"
        )
    }

    @Test("An update leaves alone what it does not mention, and removes what it says to")
    func update() throws {
        let stored = try Self.pid("PID|||17^^^TEST||AKELLO^GRACE||1985|F|||Gulu||1|2")
        let update = try Self.pid("PID|||17^^^TEST||ACHIENG^GRACE|||||||\"\"|\"\"")
        let result = SegmentUpdate.applied(update, to: stored)
        #expect(result.text == "PID|||17^^^TEST||ACHIENG^GRACE||1985|F|||Gulu|\"\"|\"\"|2")
    }

    @Test(
        "Dates are as exact as they are written",
        arguments: [
            ("1984", "1984"), ("198401", "1984-01"), ("19840125", "1984-01-25"), ("198401251230", "1984-01-25"),
            ("19840125123000.123+0300", "1984-01-25"), ("19840125123000-0600", "1984-01-25"), ("19840230", nil),
            ("1984-01", nil), ("84", nil), ("198400", nil), ("1984012525", nil), ("19840125 ", nil), ("00000000", nil),
            ("", nil),
        ] as [(String, String?)]
    )
    func dates(stamp: String, date: String?) {
        #expect(HL7Date.date(stamp)?.description == date)
    }
}
