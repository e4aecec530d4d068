import Authorities
import FHIR
import Lookup
import Testing

@testable import PatientSearch

@Suite("Searching Patients (FHIR R4 3.1.1, ITI-78)")
struct PatientQueryTests {
    private static let context = PatientQuery.Context(
        authorities: .empty,
        goldenSystem: "urn:tessera:golden",
        now: 1_784_592_000_000
    )

    private static let json = """
        {"resourceType":"Patient","active":true,"gender":"female","birthDate":"1984-01-25",
         "identifier":[{"system":"urn:red","value":"R-1"},{"value":"bare"}],
         "name":[{"family":"Müller","given":["Anna","Lena"]},{"family":"de la Cruz"}],
         "telecom":[{"system":"phone","value":"+49 30 123 45 67"},{"system":"email","value":"A@x.org"}],
         "address":[{"line":["Main Street 5"],"city":"Århus","state":"JY","postalCode":"8000","country":"DK"}],
         "managingOrganization":{"reference":"Organization/7"},
         "extension":[{"url":"http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName","valueString":"Abels"}]}
        """

    private static func subject() throws -> PatientQuery.Subject {
        let patient = try Patient(decoding: Array(json.utf8).span.bytes)
        return PatientQuery.Subject(patient: patient, id: "abc", golden: "GOLD", updated: 1_784_592_000_000)
    }

    private static func matches(_ text: String) throws -> Bool {
        let items = text.split(separator: "&").map { item in
            let parts = item.split(separator: "=", maxSplits: 1)
            return (name: String(parts[0]), value: String(parts[1]))
        }
        return try PatientQuery(items, context).matches(try subject())
    }

    @Test(
        "what is found",
        arguments: [
            "family=muller", "family=Mül", "family:exact=Müller", "family:contains=ülle", "given=anna", "given=LENA",
            "name=cruz,mueller,de la", "birthdate=1984-01-25", "birthdate=1984", "birthdate=ge1984-01-25",
            "birthdate=ap1983", "birthdate=lt1985", "birthdate=ne1990", "gender=female", "gender=male,female",
            "gender:not=male", "active=true", "identifier=urn:red|R-1", "identifier=R-1", "identifier=|bare",
            "identifier=urn:red|", "telecom=030 1234567", "phone=+49301234567", "email=a@X.org", "address=main",
            "address=arhus", "address-city=Årh", "address-postalcode=80", "address-country=dk", "address-state=JY",
            "mothersMaidenName=abel", "_id=abc", "_id=GOLD", "identifier=urn:tessera:golden|GOLD", "organization=7",
            "organization=Organization/7", "_lastUpdated=2026", "_lastUpdated=ge2026-07-21T00:00:00Z",
            "deceased=false", "family=Müller&gender=female&birthdate=1984-01-25", "given=Anna&given=Lena",
            "link:missing=true", "gender:missing=false",
        ]
    )
    func found(_ text: String) throws { #expect(try Self.matches(text)) }

    @Test(
        "what is not",
        arguments: [
            "family=ller", "family:exact=muller", "family:contains=xx", "given=Ann Lena", "birthdate=1985",
            "birthdate=gt1984-01-25", "birthdate=1984-01-26", "birthdate=ap1900", "gender=male", "gender:not=female",
            "active=false", "identifier=urn:blue|R-1", "identifier=|R-1", "identifier=urn:blue|", "phone=999999",
            "email=b@x.org", "phone=a@x.org", "address-city=main", "mothersMaidenName=x", "_id=x", "organization=8",
            "_lastUpdated=lt2026-07-21", "deceased=true", "family=Müller&gender=male", "given=Anna&given=Bea",
            "identifier:missing=true",
        ]
    )
    func notFound(_ text: String) throws { #expect(try !Self.matches(text)) }

    @Test(
        "values and modifiers that cannot be used are refused with their parameter",
        arguments: [
            ("birthdate", "1984-13"), ("birthdate", "xx1984"), ("active", "yes"), ("family:phonetic", "x"),
            ("gender:exact", "male"), ("gender:missing", "maybe"), ("family", ","), ("_lastUpdated", "yesterday"),
        ]
    )
    func faults(_ name: String, _ value: String) {
        #expect(throws: SearchFault.self) { try PatientQuery([(name, value)], Self.context) }
    }

    @Test("the parameter that narrows most decides where to look")
    func candidates() throws {
        func keys(_ items: [(name: String, value: String)]) throws -> PatientQuery.Candidates {
            try PatientQuery(items, Self.context).candidates
        }
        #expect(try keys([("_id", "a,b")]) == .ids(["a", "b"]))
        #expect(try keys([("identifier", "urn:tessera:golden|G")]) == .goldens(["G"]))
        #expect(try keys([("family", "Mul"), ("identifier", "x|7")]) == .keys([LookupKey.identifier("7")]))
        #expect(try keys([("gender", "male")]) == .everything)
        #expect(try keys([("family", "Mu")]) == .everything)
        #expect(try keys([("family:contains", "Muller")]) == .everything)
        let both = LookupKey.names(family: "Mul", given: "A", isWhole: false) ?? []
        #expect(try keys([("family", "Mul"), ("given", "Anna")]) == .keys(both))
        guard case .keys(let month) = try keys([("birthdate", "1984-01")]) else {
            Issue.record("a month has keys")
            return
        }
        #expect(month.count == 32)
    }

    @Test("parameters that nobody knows are told apart; domains restrict the answer")
    func parts() throws {
        let query = try PatientQuery([("foo", "1"), ("identifier", "urn:a|,urn:b|"), ("family", "X")], Self.context)
        #expect(query.ignored == ["foo"])
        #expect(query.used.map(\.name) == ["identifier", "family"])
        #expect(query.domains == ["urn:a", "urn:b"])
    }

    @Test("a day of the calendar and its number are each other's inverse")
    func days() {
        for number in stride(from: -200_000, through: 200_000, by: 37) {
            guard let date = FHIRDate(daysSince1970: number) else {
                Issue.record("day \(number) has no date")
                continue
            }
            #expect(DateRange(date).lower == number)
        }
    }
}
