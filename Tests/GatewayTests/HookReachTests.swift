import JSON
import Testing

@testable import Gateway

@Suite("Endpoints that subscriptions may tell")
struct HookReachTests {
    private func isTold(_ host: String, _ addresses: [String]?, _ listed: [String], guarded: Bool = true) throws -> Bool
    {
        var reach = try #require(HookReach(listing: listed))
        reach.includesLoopback = !guarded
        return reach.refusal(of: host, at: addresses) == nil
    }

    @Test("Without a list: private networks, but not the link, nobody, or the machine of a guarded registry")
    func unlisted() throws {
        for address in ["10.1.2.3", "192.168.7.7", "fd00::1", "203.0.113.9"] {
            #expect(try isTold(address, nil, []))
            #expect(try isTold("hooks.example", [address], []))
        }
        for address in ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"] {
            #expect(try !isTold(address, nil, []))
            #expect(try !isTold("hooks.example", ["10.1.2.3", address], []))
            #expect(try isTold(address, nil, [], guarded: false))
        }
        #expect(try !isTold("localhost", nil, []))
        #expect(try !isTold("A.LocalHost", nil, []))
        for address in ["169.254.169.254", "0.0.0.0", "fe80::1", "224.0.0.1"] {
            #expect(try !isTold(address, nil, [], guarded: false))
            #expect(try !isTold("hooks.example", [address], ["hooks.example", "0.0.0.0/0", "::/0"]))
        }
    }

    @Test("With a list: what is on it, by name or by network, and nothing else")
    func listed() throws {
        let list = ["hooks.example", "*.moh.example", "10.20.0.0/16", "127.0.0.1"]
        for host in ["hooks.example", "HOOKS.example", "a.moh.example", "a.b.moh.example"] {
            #expect(try isTold(host, nil, list))
            #expect(try isTold(host, ["203.0.113.9"], list))
        }
        #expect(try isTold("10.20.3.4", nil, list) && isTold("127.0.0.1", nil, list))
        #expect(try isTold("other.example", ["10.20.3.4"], list))
        // Before it is looked up, a name may still stand for a listed network.
        #expect(try isTold("other.example", nil, list))
        for addresses in [["10.21.3.4"], ["10.20.3.4", "10.21.3.4"], []] {
            #expect(try !isTold("other.example", addresses, list))
        }
        for host in ["moh.example", "xmoh.example", "hooks.example.evil"] {
            #expect(try !isTold(host, ["203.0.113.9"], list))
            #expect(try !isTold(host, nil, ["hooks.example", "*.moh.example"]))
        }
        #expect(try !isTold("203.0.113.9", nil, list) && !isTold("127.0.0.2", nil, list))
    }

    @Test(
        "What is neither a host nor a network is refused",
        arguments: ["", "*.", "http://a.example", "10.0.0.0/33", "a b"]
    )
    func wrong(entry: String) { #expect(HookReach(listing: ["hooks.example", entry]) == nil) }

    @Test("A Subscription to what may not be told is refused with the reason")
    func subscription() async throws {
        let reach = try #require(HookReach(listing: ["hooks.example"]))
        let doors = DoorFixture { $0.hooks = reach }
        func send(_ host: String) async -> DoorAnswer {
            let channel = """
                {"type":"rest-hook","endpoint":"http://\(host):8080/a","payload":"application/fhir+json"}
                """
            let body = """
                {"resourceType":"Subscription","status":"requested","reason":"r","criteria":"Patient","channel":\(channel)}
                """
            return await doors.send("POST", "/fhir/Subscription", body)
        }
        #expect(await send("hooks.example").status == 201)
        let refused = await send("10.1.2.3")
        #expect(refused.status == 422 && refused.issue == "security")
        #expect(refused.expression == "Subscription.channel.endpoint")
        #expect(refused.json["issue"]?[0]?["diagnostics"]?.string?.contains("notify_to") == true)
    }
}
