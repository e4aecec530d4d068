import Authorities
import Testing

@Suite("Assigning authorities: one domain, many names")
struct AuthorityRegistryTests {
    private static let text = """
        version: 1
        unknown: refuse
        authorities:
          - name: TEST
            uri: http://ohie.org/test/test
            oid: 2.16.840.1.113883.3.72.5.9.1
            assigners: ["TEST_HARNESS|TEST", clinic]
          - name: NID
            oid: 2.16.840.1.113883.3.72.5.9.9
            aliases: [http://ohie.org/test/nid]
            lenient: true
        """

    @Test("every name of a domain leads to its preferred system")
    func aliases() throws {
        let registry = try AuthorityRegistry(yaml: Self.text)
        let names = ["http://ohie.org/test/test", "urn:oid:2.16.840.1.113883.3.72.5.9.1", "TEST"]
        for name in names { #expect(registry.canonical(name) == "http://ohie.org/test/test") }
        #expect(registry.canonical("http://ohie.org/test/nid") == "urn:oid:2.16.840.1.113883.3.72.5.9.9")
        #expect(registry.canonical("urn:other") == "urn:other")
        #expect(!registry.isAccepted("urn:other"))
        #expect(AuthorityRegistry.empty.isAccepted("urn:other"))
    }

    @Test("who may assign in a domain")
    func assigners() throws {
        let registry = try AuthorityRegistry(yaml: Self.text)
        #expect(registry.mayAssign("clinic", "TEST"))
        #expect(!registry.mayAssign("other", "TEST"))
        #expect(registry.mayAssign("other", "NID"))
        #expect(registry.soleAuthority(of: "clinic")?.name == "TEST")
        #expect(registry.soleAuthority(of: "other") == nil)
    }

    @Test(
        "designators of HL7 v2 (ITI TF-2, E.3)",
        arguments: [
            (Designator(namespace: "TEST"), "TEST"),
            (Designator(universalID: "2.16.840.1.113883.3.72.5.9.1", type: "ISO"), "TEST"),
            (Designator(namespace: "TEST", universalID: "2.16.840.1.113883.3.72.5.9.1", type: "ISO"), "TEST"),
        ]
    )
    func designators(_ designator: Designator, _ name: String) throws {
        let registry = try AuthorityRegistry(yaml: Self.text)
        #expect(try registry.resolve(designator).name == name)
    }

    @Test(
        "designators that name no domain",
        arguments: [
            (Designator(), DesignatorFault.missing),
            (Designator(universalID: "2.16.840.1.113883.3.72.5.9.1"), .incomplete),
            (Designator(type: "ISO"), .incomplete),
            (Designator(namespace: "TEST_BLOCK"), .unknown),
            (Designator(namespace: "TEST", universalID: "2.16.840.1.113883.3.72.5.9.9", type: "ISO"), .inconsistent),
            (Designator(namespace: "TEST", universalID: "9.9.9", type: "ISO"), .inconsistent),
            (Designator(namespace: "RED", universalID: "2.16.840.1.113883.3.72.5.9.9", type: "ISO"), .inconsistent),
        ]
    )
    func designatorFaults(_ designator: Designator, _ fault: DesignatorFault) throws {
        let registry = try AuthorityRegistry(yaml: Self.text)
        #expect(throws: fault) { try registry.resolve(designator) }
    }

    @Test("a domain as HL7 v2 tells it, and back")
    func told() throws {
        let registry = try AuthorityRegistry(yaml: Self.text)
        let told = registry.designator("http://ohie.org/test/test")
        #expect(told == Designator(namespace: "TEST", universalID: "2.16.840.1.113883.3.72.5.9.1", type: "ISO"))
        for system in ["urn:oid:1.2.3", "http://x.example/y", Authority.namespacePrefix + "RED"] {
            let back = try AuthorityRegistry.empty.resolve(AuthorityRegistry.empty.designator(system))
            #expect(back.uri == system)
        }
    }

    @Test("all faults of a file are told together, each with its path")
    func faults() {
        let text = """
            version: 2
            unknown: maybe
            authorities:
              - name: A
                colour: red
            """
        do throws(AuthorityFaults) {
            _ = try AuthorityRegistry(yaml: text)
            Issue.record("a faulty file was taken")
        } catch {
            #expect(error.faults.count == 3)
            #expect(error.faults.contains { $0.hasPrefix("authorities[0].colour:") })
        }
        #expect(throws: AuthorityFaults.self) {
            try AuthorityRegistry([Authority(name: "A", uri: "urn:a"), Authority(name: "A", uri: "urn:b")])
        }
        #expect(throws: AuthorityFaults.self) { try AuthorityRegistry([Authority(name: "A")]) }
    }
}
