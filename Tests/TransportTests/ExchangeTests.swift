import NIOCore
import Testing
import Transport

@Suite("Requests over HTTP/2")
struct ExchangeTests {
    @Test("A request is answered by its handler")
    func roundTrip() async throws {
        try await withServer { _, client, port in
            let response = try await client.send(
                HTTPClientRequest(
                    method: "POST",
                    path: "/fhir/Patient?x=%20y",
                    headers: ["X-Trace": "1"],
                    body: Array("body".utf8)
                )
            )
            #expect(response.status == 200)
            #expect(response.headers["x-method"] == "POST")
            #expect(response.headers["x-path"] == "/fhir/Patient?x=%20y")
            #expect(response.headers["x-version"] == "HTTP/2")
            #expect(response.headers["content-length"] == "4")
            #expect(response.headers["date"]?.hasSuffix(" GMT") == true)
            #expect(response.body == Array("body".utf8))
        }
    }

    @Test("The handler sees authority, fields, address and version")
    func requestHead() async throws {
        let handler = TestHandler(answer: { head, _ in
            .text(200, "\(head.authority)|\(head.headers["x-a"] ?? "")|\(head.peer.address)|\(head.peer.isEncrypted)")
        })
        try await withServer(handler) { _, client, port in
            let response = try await client.send(HTTPClientRequest(path: "/", headers: ["X-A": "b"]))
            let text = String(decoding: response.body, as: UTF8.self)
            #expect(text.hasPrefix("127.0.0.1:\(port)|b|127.0.0.1:"))
            #expect(text.hasSuffix("|false"))
        }
    }

    @Test("An inline handler answers on the loop")
    func inline() async throws {
        let server = try HTTPServer(
            configuration: HTTPServerConfiguration(),
            group: Loops.shared,
            inline: InlineEcho()
        )
        try await withRunning(server) { _, client, _ in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<500 {
                    group.addTask {
                        let body = Array("\(number)".utf8)
                        let response = try await client.send(
                            HTTPClientRequest(method: "POST", path: "/\(number)", body: body)
                        )
                        return response.body == body && response.headers["x-path"] == "/\(number)"
                    }
                }
                for try await isRight in group { #expect(isRight) }
            }
        }
    }

    @Test("An inline handler's answer may come later from another thread, once")
    func inlineLater() async throws {
        struct Later: InlineHTTPHandler {
            func respond(to head: HTTPRequestHead, body: [UInt8], reply: HTTPReply) {
                Task {
                    reply.send(.text(200, "first"))
                    reply.send(.text(500, "second"))
                }
            }
        }
        let server = try HTTPServer(configuration: HTTPServerConfiguration(), group: Loops.shared, inline: Later())
        try await withRunning(server) { _, client, _ in
            for _ in 0..<50 {
                let response = try await client.send(HTTPClientRequest(path: "/"))
                #expect(response.status == 200)
                #expect(response.body == Array("first".utf8))
            }
        }
    }

    @Test("Many requests share one connection, and many connections share the requests", arguments: [1, 4])
    func concurrency(connections: Int) async throws {
        try await withServer(client: HTTPClientConfiguration(connections: connections)) { server, client, _ in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<2000 {
                    group.addTask {
                        let body = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: number)
                        let response = try await client.send(
                            HTTPClientRequest(method: "PUT", path: "/", body: body)
                        )
                        return response.body == body ? 1 : 0
                    }
                }
                var right = 0
                for try await count in group { right += count }
                #expect(right == 2000)
            }
            #expect(server.connectionCounts.accepted == connections)
        }
    }

    @Test("Bodies far above the windows pass whole")
    func largeBodies() async throws {
        let handler = TestHandler(mode: { _ in .buffered(maxBytes: 64 << 20) })
        try await withServer(handler) { _, client, _ in
            let body = patterned(20 << 20)
            let response = try await client.send(HTTPClientRequest(method: "POST", path: "/", body: body))
            #expect(response.body == body)
        }
    }

    @Test("HEAD has the length and no body; 204 has neither")
    func bodiless() async throws {
        let handler = TestHandler(answer: { head, _ in
            head.path == "/none" ? HTTPResponse(status: 204, body: [1]) : .text(200, "hello")
        })
        try await withServer(handler) { _, client, _ in
            let head = try await client.send(HTTPClientRequest(method: "HEAD", path: "/"))
            #expect(head.headers["content-length"] == "5")
            #expect(head.body.isEmpty)
            let none = try await client.send(HTTPClientRequest(path: "/none"))
            #expect(none.status == 204)
            #expect(none.headers["content-length"] == nil)
            #expect(none.body.isEmpty)
        }
    }

    @Test("The client connects again after the server has gone and come back")
    func reconnect() async throws {
        let first = try HTTPServer(
            configuration: HTTPServerConfiguration(),
            group: Loops.shared,
            handler: TestHandler()
        )
        let port = try #require(try await first.start().port)
        var configuration = HTTPClientConfiguration()
        configuration.minReconnectDelay = .milliseconds(1)
        configuration.maxReconnectDelay = .milliseconds(2)
        let client = try HTTPClient(
            endpoint: Endpoint(host: "127.0.0.1", port: port),
            configuration: configuration,
            group: Loops.shared
        )
        #expect(try await client.send(HTTPClientRequest(path: "/")).status == 200)
        await first.drain(timeout: .seconds(1))
        await #expect(throws: TransportError.self) { try await client.send(HTTPClientRequest(path: "/")) }
        let second = try HTTPServer(
            configuration: HTTPServerConfiguration(port: port),
            group: Loops.shared,
            handler: TestHandler()
        )
        _ = try await second.start()
        try await Task.sleep(for: .milliseconds(20))
        #expect(try await client.send(HTTPClientRequest(path: "/")).status == 200)
        await client.close()
        await second.stop()
    }

    @Test("A closed client says so")
    func closed() async throws {
        try await withServer { _, client, _ in
            await client.close()
            await #expect {
                try await client.send(HTTPClientRequest(path: "/"))
            } throws: {
                ($0 as? TransportError)?.code == .closed
            }
        }
    }
}
