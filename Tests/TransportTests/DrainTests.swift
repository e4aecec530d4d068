import Testing
import Transport

@Suite("Graceful end")
struct DrainTests {
    @Test("Open requests finish while the server drains, new ones go elsewhere")
    func drain() async throws {
        let begun = Signal()
        let release = Signal()
        let handler = TestHandler(answer: { _, _ in
            begun.set()
            await release.wait()
            return .text(200, "finished")
        })
        try await withServer(handler) { server, client, _ in
            let open = Task { try await client.send(HTTPClientRequest(path: "/")) }
            await begun.wait()
            let draining = Task { await server.drain(timeout: .seconds(10)) }
            #expect(await eventually { server.port == nil })
            try await Task.sleep(for: .milliseconds(50))
            await #expect(throws: TransportError.self) {
                try await client.send(HTTPClientRequest(path: "/"), deadline: .seconds(2))
            }
            release.set()
            #expect(try await open.value.body == Array("finished".utf8))
            await draining.value
            #expect(server.connectionCounts.open == 0)
        }
    }

    @Test("What does not finish in time is cut off")
    func cutOff() async throws {
        let begun = Signal()
        let handler = TestHandler(answer: { _, _ in
            begun.set()
            try? await Task.sleep(for: .seconds(60))
            return .text(200, "")
        })
        try await withServer(handler) { server, client, _ in
            let open = Task { try await client.send(HTTPClientRequest(path: "/")) }
            await begun.wait()
            await server.drain(timeout: .milliseconds(100))
            await #expect {
                try await open.value
            } throws: {
                ($0 as? TransportError)?.code == .connectionLost
            }
        }
    }

    @Test("An idle connection and a half-open one do not hold up the drain")
    func idle() async throws {
        try await withServer { server, client, port in
            _ = try await client.send(HTTPClientRequest(path: "/"))
            let raw = try await RawConnection(port: port)
            try await raw.send("PRI * HT")
            #expect(await eventually { server.connectionCounts.open == 2 })
            await server.drain(timeout: .seconds(30))
            #expect(server.connectionCounts.open == 0)
            #expect(await eventually { raw.isClosed })
        }
    }
}
