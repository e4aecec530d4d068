import NIOCore
import NIOConcurrencyHelpers
import NIOPosix
import Testing
import Transport

@Suite("A client of HTTP/1.1")
struct HTTP1ClientTests {
    private func withClient(
        _ handler: TestHandler = TestHandler(),
        connections: Int = 2,
        deadline: Duration = .seconds(10),
        _ body: (HTTP1Client, HTTPServer) async throws -> Void
    ) async throws {
        try await withServer(handler) { server, _, port in
            var configuration = HTTPClientConfiguration(connections: connections)
            configuration.defaultDeadline = deadline
            let client = try HTTP1Client(
                endpoint: Endpoint(host: "127.0.0.1", port: port),
                configuration: configuration,
                group: Loops.shared
            )
            do {
                try await body(client, server)
            } catch {
                await client.close()
                throw error
            }
            await client.close()
        }
    }

    @Test("Requests go out and answers come back, one after another on a connection")
    func exchanges() async throws {
        try await withClient(connections: 1) { client, _ in
            for number in 0..<5 {
                let request = HTTPClientRequest(method: "POST", path: "/p?\(number)", body: Array("n\(number)".utf8))
                let response = try await client.send(request)
                #expect(response.status == 200)
                #expect(response.headers["x-path"] == "/p?\(number)")
                #expect(response.headers["x-version"] == "HTTP/1.1")
                #expect(response.body == Array("n\(number)".utf8))
            }
            let response = try await client.send(HTTPClientRequest(path: "/get"))
            #expect(response.headers["x-method"] == "GET")
        }
    }

    @Test("No more connections are made than allowed; others wait, and everybody is served")
    func bounded() async throws {
        let open = NIOLockedValueBox((now: 0, most: 0))
        let handler = TestHandler(answer: { head, _ in
            open.withLockedValue { state in
                state.now += 1
                state.most = max(state.most, state.now)
            }
            try? await Task.sleep(for: .milliseconds(5))
            open.withLockedValue { $0.now -= 1 }
            return .text(200, head.path)
        })
        try await withClient(handler, connections: 3) { client, _ in
            let answers = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<30 {
                    group.addTask {
                        let response = try await client.send(HTTPClientRequest(path: "/\(number)"))
                        return String(decoding: response.body, as: UTF8.self) == "/\(number)"
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(answers == 30)
            #expect(open.withLockedValue { $0.most } <= 3)
        }
    }

    @Test("A passed deadline ends the request and frees its place")
    func deadline() async throws {
        let handler = TestHandler(answer: { head, _ in
            if head.path == "/slow" { try? await Task.sleep(for: .seconds(5)) }
            return .text(200, "done")
        })
        try await withClient(handler, connections: 1, deadline: .milliseconds(200)) { client, _ in
            let error = await #expect(throws: TransportError.self) {
                try await client.send(HTTPClientRequest(path: "/slow"))
            }
            #expect(error?.code == .deadlineExceeded)
            let response = try await client.send(HTTPClientRequest(path: "/fast"))
            #expect(response.status == 200)
        }
    }

    @Test("A connection that the server ends is made anew")
    func reconnects() async throws {
        let handler = TestHandler(answer: { _, _ in
            HTTPResponse(status: 200, headers: ["connection": "close"])
        })
        try await withClient(handler, connections: 1) { client, _ in
            for _ in 0..<3 {
                let response = try await client.send(HTTPClientRequest(path: "/"))
                #expect(response.status == 200)
            }
        }
    }

    @Test("Where nobody listens the request fails, and so does the next")
    func refused() async throws {
        let client = try HTTP1Client(endpoint: Endpoint(host: "127.0.0.1", port: 1), group: Loops.shared)
        for _ in 0..<2 {
            let error = await #expect(throws: TransportError.self) {
                try await client.send(HTTPClientRequest(path: "/"))
            }
            #expect(error?.code == .connectFailed)
        }
        await client.close()
        let error = await #expect(throws: TransportError.self) {
            try await client.send(HTTPClientRequest(path: "/"))
        }
        #expect(error?.code == .closed)
    }
}
