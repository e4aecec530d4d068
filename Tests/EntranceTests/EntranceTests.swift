import Access
import Testing
import Transport

@testable import Entrance

@Suite("The entrance")
struct EntranceTests {
    private func entrance(_ clients: String, _ rest: String = "", now: UInt64 = 1_800_000_000_000) throws -> Entrance {
        Entrance(try AccessPolicy(yaml: "version: 1\n\(rest)clients:\n\(clients)"), now: { now })
    }

    private func credentials(_ name: String?, address: String = "10.0.0.9:4711") -> Credentials {
        let certificate = name.map {
            PeerInfo.Certificate(
                subject: "CN=\($0)",
                commonName: $0,
                alternativeNames: [],
                fingerprint: String(repeating: "a", count: 64)
            )
        }
        return Credentials(PeerInfo(address: address, isEncrypted: true, certificate: certificate))
    }

    private func kind(_ entrance: Entrance, _ credentials: Credentials) -> EntranceRefusal.Kind? {
        do {
            _ = try entrance.admit(credentials)
            return nil
        } catch {
            return error.kind
        }
    }

    @Test("Without a policy everybody may do everything")
    func open() throws {
        let grant = try Entrance.open.admit(credentials(nil))
        #expect(grant.isWhole)
        for permission in [ScopeNeed.auditing, .operating, .reading("rs"), .writing("cud"), .deciding("u")] {
            try grant.require(permission)
        }
    }

    @Test("A certificate that is known lets in, one that is not does not, and neither does nothing")
    func certificates() throws {
        let entrance = try entrance("  - {name: lab, common_names: [lab.example], roles: [reader]}\n")
        let grant = try entrance.admit(credentials("lab.example"))
        #expect(grant.client == "lab")
        try grant.require(.reading("rs"))
        #expect(throws: EntranceRefusal.self) { try grant.require(.writing("c")) }
        #expect(throws: EntranceRefusal.self) { try grant.require(.auditing) }
        #expect(kind(entrance, credentials("other.example")) == .forbidden)
        #expect(kind(entrance, credentials(nil)) == .unauthenticated)
    }

    @Test("A name that a message states is believed on listed networks only")
    func senders() throws {
        let rest = "mllp: {plain_from: [10.1.0.0/16]}\n"
        let entrance = try entrance("  - {name: adt, senders: [\"APP|FAC\"], roles: [submitter], writes: all}\n", rest)
        for (address, isIn) in [("10.1.2.3:99", true), ("10.2.2.3:99", false), ("127.0.0.1:99", true)] {
            var shown = credentials(nil, address: address)
            shown.sender = "APP|FAC"
            #expect((kind(entrance, shown) == nil) == isIn)
        }
    }

    @Test("Who asks too often is told when to come back")
    func rates() throws {
        let entrance = try entrance("  - {name: lab, common_names: [lab], roles: [reader], rate: 1, burst: 2}\n")
        #expect(kind(entrance, credentials("lab")) == nil)
        #expect(kind(entrance, credentials("lab")) == nil)
        #expect(kind(entrance, credentials("lab")) == .throttled(after: 1))
    }

    @Test("What a request holds is counted against its client, and no other's")
    func further() throws {
        let clients =
            "  - {name: lab, common_names: [lab], roles: [reader], rate: 2}\n"
            + "  - {name: ward, common_names: [ward], roles: [reader], rate: 2}\n"
            + "  - {name: free, common_names: [free], roles: [reader]}\n"
        let entrance = try entrance(clients)
        for name in ["lab", "free"] {
            #expect(kind(entrance, credentials(name)) == nil)
            entrance.count(further: 99, of: name)
        }
        #expect(kind(entrance, credentials("lab")) == .throttled(after: 50))
        #expect(kind(entrance, credentials("ward")) == nil)
        #expect(kind(entrance, credentials("free")) == nil)
    }

    @Test("The glass is broken with a reason, by those who may, and everything is seen")
    func breakGlass() throws {
        let clients =
            "  - {name: er, common_names: [er], roles: [reader], sees: identifiers, break_glass: true}\n"
            + "  - {name: lab, common_names: [lab], roles: [reader], sees: identifiers}\n"
        let entrance = try entrance(clients)
        var shown = credentials("er")
        #expect(try entrance.admit(shown).view == .identifiers)
        shown.breakGlass = "unconscious, no papers"
        let grant = try entrance.admit(shown)
        #expect(grant.view == .everything && grant.breakGlass == "unconscious, no papers")
        shown.breakGlass = "  "
        #expect(kind(entrance, shown) == .forbidden)
        var other = credentials("lab")
        other.breakGlass = "because"
        #expect(kind(entrance, other) == .forbidden)
    }

    @Test(
        "An address is told without its port",
        arguments: [
            ("10.0.0.1:4711", "10.0.0.1"), ("[IPv4]10.0.0.1/10.0.0.1:4711", "10.0.0.1"), ("[fd00::1]:4711", "fd00::1"),
            ("[IPv4]127.0.0.1:4711", "127.0.0.1"), ("[IPv6]::1:4711", "::1"), ("", ""),
        ]
    )
    func addresses(text: String, host: String) { #expect(Credentials.host(of: text) == host) }

    @Test("What is left of a Patient for those who see identifiers only")
    func reduction() {
        let document = """
            {"resourceType":"Patient","id":"x","name":[{"family":"Secret"}],"identifier":[{"system":"s","value":"v"}],\
            "birthDate":"1980-01-01","active":true,"contact":[{"name":{"family":"Secret"}}],"text":{"div":"Secret"}}
            """
        let rest = String(decoding: DocumentReduction.applied(to: Array(document.utf8)), as: UTF8.self)
        #expect(
            rest == #"{"resourceType":"Patient","id":"x","identifier":[{"system":"s","value":"v"}],"active":true}"#
        )
        for other in ["Secret", "[\"Secret\"]", #"{"resourceType":"Patient","identifier":"Secret"}"#] {
            #expect(
                !String(decoding: DocumentReduction.applied(to: Array(other.utf8)), as: UTF8.self).contains("Secret")
            )
        }
    }

    @Test("No words of the source are left within what stays")
    func wordsWithin() {
        let document = #"""
            {"resourceType":"Patient","meta":{"tag":[{"code":"c","display":"Secret"}],"extension":[{"url":"Secret"}]},\#
            "identifier":[{"system":"s","value":"v",\#
            "type":{"coding":[{"code":"NI","display":"Secret"}],"text":"Secret"},\#
            "extension":[{"url":"u","valueString":"Secret"}],"assigner":{"display":"Hospital"}}],\#
            "link":[{"type":"seealso","other":{"reference":"Patient/1","display":"Secret"}}],"_active":{"id":"Secret"}}
            """#
        let rest = String(decoding: DocumentReduction.applied(to: Array(document.utf8)), as: UTF8.self)
        #expect(!rest.contains("Secret"))
        for kept in [#""value":"v""#, "NI", "Hospital", "Patient/1", #""code":"c""#] { #expect(rest.contains(kept)) }
    }
}
