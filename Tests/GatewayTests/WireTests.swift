import JSON
import NIOCore
import NIOPosix
import Telemetry
import Testing
import Transport

@testable import Gateway

/// The doors behind a real server: bodies gathered and streamed, refusals in the door's words.
struct WireTests {
    /// Runs a server with the doors and a client beside it.
    private func withWire(
        _ change: (inout GatewayConfiguration) -> Void = { _ in },
        _ body: (HTTPClient, DoorFixture) async throws -> Void
    ) async throws {
        let doors = DoorFixture(change)
        let group = MultiThreadedEventLoopGroup.singleton
        let server = try HTTPServer(
            configuration: HTTPServerConfiguration(port: 0),
            group: group,
            handler: doors.gateway
        )
        let port = try await server.start().port ?? 0
        let client = try HTTPClient(endpoint: Endpoint(host: "127.0.0.1", port: port), group: group)
        do {
            try await body(client, doors)
        } catch {
            Issue.record(error)
        }
        await client.close()
        await server.drain(timeout: .seconds(5))
    }

    private let fhir: HTTPFields = ["content-type": "application/fhir+json"]

    @Test("A Patient goes in and comes out; HEAD has the same header and no body")
    func roundTrip() async throws {
        try await withWire({ $0.publicBase = "" }) { client, _ in
            let create = HTTPClientRequest(
                method: "POST",
                path: "/fhir/Patient",
                headers: fhir,
                body: Array(Sample.patient("1").utf8)
            )
            let made = try await client.send(create)
            #expect(made.status == 201)
            let location = try #require(made.headers["location"])
            #expect(location.hasPrefix("http://127.0.0.1:"))
            let id = try #require(location.split(separator: "/").dropLast(2).last)
            let read = try await client.send(HTTPClientRequest(path: "/fhir/Patient/\(id)"))
            #expect(read.status == 200 && read.body == made.body)
            let head = try await client.send(HTTPClientRequest(method: "HEAD", path: "/fhir/Patient/\(id)"))
            #expect(head.status == 200 && head.body.isEmpty)
            #expect(head.headers["etag"] == "W/\"1\"")
            let removed = try await client.send(HTTPClientRequest(method: "DELETE", path: "/fhir/Patient/\(id)"))
            #expect(removed.status == 204 && removed.body.isEmpty)
        }
    }

    @Test("A body that is too long is refused in the door's words")
    func tooLong() async throws {
        try await withWire({ $0.limits.resourceBytes = 1_000 }) { client, _ in
            let body = [UInt8](repeating: 0x20, count: 5_000)
            let answer = try await client.send(
                HTTPClientRequest(method: "POST", path: "/fhir/Patient", headers: fhir, body: body)
            )
            #expect(answer.status == 413)
            #expect(try JSONValue(parsing: answer.body.span.bytes)["issue"]?[0]?["code"]?.string == "too-long")
            let native = try await client.send(
                HTTPClientRequest(method: "POST", path: "/api/v1/decisions", body: body)
            )
            #expect(native.status == 413)
            #expect(native.headers["content-type"] == "application/problem+json")
        }
    }

    @Test("A client that sends all of a long body before it reads still sees why it was refused")
    func muchTooLong() async throws {
        try await withWire { client, _ in
            let body = [UInt8](repeating: 0x20, count: 12 << 20)
            let request = HTTPClientRequest(method: "POST", path: "/fhir/Patient", headers: fhir, body: body)
            let answer = try await client.send(request)
            #expect(answer.status == 413)
        }
    }

    @Test("A bulk load is answered while it is being sent")
    func load() async throws {
        try await withWire { client, doors in
            let stream = client.open(
                HTTPClientRequest(
                    method: "POST",
                    path: "/api/v1/load",
                    headers: ["content-type": "application/x-ndjson"]
                )
            )
            let head = Task { try await stream.response() }
            var text = ""
            for number in 1...3 {
                try await stream.write(Array((Sample.patient("\(number)") + "\n").utf8))
                _ = try await head.value
                while text.split(separator: "\n").count < number, let chunk = try await stream.body.next() {
                    text += String(decoding: chunk, as: UTF8.self)
                }
            }
            let many = (4...2_000).map { Sample.patient("\($0)") + "\n" }.joined()
            let sending = Task {
                try await stream.write(Array(many.utf8))
                stream.finish()
            }
            while let chunk = try await stream.body.next() { text += String(decoding: chunk, as: UTF8.self) }
            try await sending.value
            let lines = text.split(separator: "\n").compactMap { try? JSONValue(parsing: String($0))["line"]?.integer }
            #expect(lines == Array(1...2_000))
            #expect(doors.metrics.gauge(.loadStreams).value == 0)
        }
    }

    @Test("Too many bulk loads at once are turned away")
    func loadLimit() async throws {
        try await withWire({ $0.limits.loadStreams = 0 }) { client, _ in
            let answer = try await client.send(
                HTTPClientRequest(method: "POST", path: "/api/v1/load", body: Array(Sample.patient("1").utf8))
            )
            #expect(answer.status == 503)
            #expect(answer.headers["retry-after"] == "1")
        }
    }

    @Test("A target that cannot be read is 400")
    func target() async throws {
        try await withWire { client, _ in
            let answer = try await client.send(HTTPClientRequest(path: "/fhir/Patient/%"))
            #expect(answer.status == 400)
            #expect(answer.headers["content-type"]?.hasPrefix("application/fhir+json") == true)
        }
    }
}
