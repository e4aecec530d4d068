import OpenSSL
import Testing

@testable import Access

@Suite("Who may enter")
struct PolicyTests {
    private func policy(_ clients: String, _ rest: String = "") throws(AccessFaults) -> AccessPolicy {
        try AccessPolicy(yaml: "version: 1\n\(rest)clients:\n\(clients)")
    }

    @Test("A file says who is recognised by what, and what they may do")
    func reads() throws {
        let policy = try AccessPolicy(
            yaml: """
                version: 1
                tokens:
                  - issuer: https://id.example
                    audience: [registry]
                    keys: jwks.json
                    algorithms: [ES256, RS256]
                    skew: 5
                mllp:
                  plain_from: [10.1.0.0/16]
                clients:
                  - name: clinic-7
                    common_names: [clinic-7.example]
                    fingerprints: ["AA:\(String(repeating: "bb:", count: 30))CC"]
                    tokens: [clinic-7]
                    roles: [submitter, reader]
                    writes: [urn:clinic]
                    sees: own
                    rate: 50
                    burst: 100
                  - name: desk
                    senders: ["DESK|HQ"]
                    roles: [steward]
                    writes: all
                    break_glass: true
                """
        )
        let clinic = try #require(policy.client(marked: [.token("clinic-7")]))
        #expect(clinic.permissions == [.read, .write])
        #expect(clinic.writes == .listed(["urn:clinic"]))
        #expect(clinic.sees == .own)
        #expect(clinic.rate == RateLimit(perSecond: 50, burst: 100))
        #expect(policy.client(marked: [.commonName("x"), .sender("DESK|HQ")])?.mayBreakGlass == true)
        #expect(policy.client(marked: [.fingerprint("aa" + String(repeating: "bb", count: 30) + "cc")]) == clinic)
        #expect(policy.issuers.first?.algorithms == [.es256, .rs256])
        #expect(policy.plainNetworks.first?.contains("10.1.200.3") == true)
    }

    @Test(
        "What is wrong with a file is told with its place",
        arguments: [
            ("  - name: a\n    tokens: [a]\n    roles: [king]\n", "clients[0].roles: `king`"),
            (
                "  - name: a\n    common_names: [a]\n    roles: [reader]\n    colour: red\n",
                "clients[0].colour: is not known"
            ),
            ("  - name: a\n    roles: [reader]\n", "nothing says how the client is recognised"),
            ("  - name: a\n    common_names: [a]\n    roles: [reader]\n    sees: own\n", "`own` needs `writes`"),
            ("  - name: a\n    tokens: [a]\n    roles: [reader]\n", "tokens of no issuer"),
            ("  - name: a\n    common_names: [a]\n    roles: []\n", "at least one role"),
            ("  - name: a\n    common_names: [a]\n    roles: [reader]\n    rate: -1\n", "must be above 0"),
            ("  - common_names: [a]\n    roles: [reader]\n", "clients[0].name: is missing"),
            ("  - name: a\n    fingerprints: [aa]\n    roles: [reader]\n", "64 hexadecimal digits"),
            ("  - name: a\n    common_names: [a]\n    roles: [reader]\n    writes: some\n", "must be a list of texts"),
        ]
    )
    func faults(clients: String, words: String) {
        do {
            _ = try policy(clients)
            Issue.record("was read: \(clients)")
        } catch {
            #expect(error.description.contains(words), "\(error)")
        }
    }

    @Test("Two clients are not recognised by the same thing, and none bears another's name")
    func twice() {
        let two =
            "  - {name: a, common_names: [x], roles: [reader]}\n  - {name: a, common_names: [x], roles: [reader]}\n"
        do {
            _ = try policy(two)
            Issue.record("was read")
        } catch {
            #expect(error.faults.count == 2)
        }
    }

    @Test("A version that nobody knows is refused")
    func version() {
        #expect(throws: AccessFaults.self) { try AccessPolicy(yaml: "version: 2\nclients: []\n") }
        #expect(throws: AccessFaults.self) { try AccessPolicy(yaml: "- a\n") }
        #expect(throws: AccessFaults.self) { try AccessPolicy(yaml: "{") }
    }

    @Test(
        "Scopes cover what they say",
        arguments: [
            ("system/Patient.rs", "rs", true), ("system/Patient.r", "s", false), ("system/Patient.read", "rs", true),
            ("system/*.cruds", "d", true), ("system/Patient.*", "u", true), ("system/Patient.write", "r", false),
            ("system/Observation.rs", "r", false), ("system/Patient.sr", "s", false), ("system/Patient.rx", "r", false),
            ("patient/Patient.rs", "r", false), ("user/Patient.rs", "r", false), ("ITI-78", "r", true),
            ("ITI-83", "r", false), ("system/Patient.rs?name=x", "r", false), ("tessera/read", "rs", true),
            ("", "r", false),
        ]
    )
    func scopes(scope: String, letters: String, isCovered: Bool) {
        let need = letters == "d" || letters == "u" ? ScopeNeed.writing(letters) : .reading(letters, ["ITI-78"])
        #expect(ScopeSet([scope]).covers(need) == isCovered)
    }

    @Test(
        "Networks hold what lies in them",
        arguments: [
            ("10.1.0.0/16", "10.1.255.255", true), ("10.1.0.0/16", "10.2.0.0", false),
            ("127.0.0.0/8", "127.0.0.1", true),
            ("::1", "::1", true), ("fd00::/8", "fd12:3456::1", true), ("fd00::/8", "fe80::1", false),
            ("10.0.0.0/8", "::ffff:10.9.8.7", true), ("0.0.0.0/0", "1.2.3.4", true), ("0.0.0.0/0", "::1", false),
            ("192.168.1.7", "192.168.1.7", true), ("192.168.1.7", "192.168.1.8", false),
            ("10.0.0.0/8", "rubbish", false),
        ]
    )
    func networks(range: String, address: String, isIn: Bool) throws {
        #expect(try #require(NetworkRange(range)).contains(address) == isIn)
    }

    @Test(
        "What is no network is none",
        arguments: ["", "10.0.0.0/33", "10.0.0/8", "256.0.0.1", "fd00::/129", ":::", "a", "1.2.3.4/"]
    )
    func noNetworks(text: String) { #expect(NetworkRange(text) == nil) }

    @Test("A bucket lets through what its rate allows, and says when it will again")
    func bucket() {
        var bucket = RateBucket(RateLimit(perSecond: 2, burst: 3), at: 1_000)
        for _ in 0..<3 { #expect(bucket.take(at: 1_000) == nil) }
        #expect(bucket.take(at: 1_000) == 1)
        #expect(bucket.take(at: 1_499) == 1)
        #expect(bucket.take(at: 1_500) == nil)
        #expect(bucket.take(at: 1_500) == 1)
        // A clock that goes back gives nothing and takes nothing.
        #expect(bucket.take(at: 500) == 1)
        for _ in 0..<3 { #expect(bucket.take(at: 60_000) == nil) }
        #expect(bucket.take(at: 60_000) == 1)
    }

    @Test("A request that turns out to be many is owed, and paid before the next")
    func owed() {
        var bucket = RateBucket(RateLimit(perSecond: 10, burst: 5), at: 0)
        #expect(bucket.take(at: 0) == nil)
        bucket.take(further: 99)
        #expect(bucket.take(at: 0) == 10)
        #expect(bucket.take(at: 9_500) == 1)
        #expect(bucket.take(at: 9_600) == nil)
        bucket.take(further: -5)
        #expect(bucket.take(at: 9_600) == 1)
    }
}
