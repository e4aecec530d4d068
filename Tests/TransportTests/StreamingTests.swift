import Synchronization
import Testing
import Transport

@Suite("Streamed bodies")
struct StreamingTests {
    private static let streamed: @Sendable (HTTPRequestHead) -> BodyMode = { _ in .streamed }

    @Test("Chunks go both ways while both bodies are open")
    func echo() async throws {
        let handler = TestHandler(
            mode: Self.streamed,
            streamed: { _, body, writer in
                try? writer.start(status: 200, headers: ["x-kind": "echo"])
                do {
                    for try await chunk in body { try await writer.write(chunk) }
                    try writer.finish()
                } catch {
                    writer.abort()
                }
            }
        )
        try await withServer(handler) { _, client, _ in
            let stream = client.open(HTTPClientRequest(method: "POST", path: "/"))
            try await stream.write(Array("one".utf8))
            #expect(try await stream.response().headers["x-kind"] == "echo")
            #expect(try await stream.body.next() == Array("one".utf8))
            try await stream.write(Array("two".utf8))
            #expect(try await stream.body.next() == Array("two".utf8))
            stream.finish()
            #expect(try await stream.body.next() == nil)
        }
    }

    @Test("Fifty MiB pass through a streaming handler")
    func bulk() async throws {
        let handler = TestHandler(
            mode: Self.streamed,
            streamed: { _, body, writer in
                var count = 0
                do {
                    for try await chunk in body { count += chunk.count }
                    try await writer.send(.text(200, "\(count)"))
                } catch {
                    writer.abort()
                }
            }
        )
        try await withServer(handler) { _, client, _ in
            let stream = client.open(HTTPClientRequest(method: "POST", path: "/"))
            let piece = [UInt8](repeating: 65, count: 100_000)
            for _ in 0..<524 { try await stream.write(piece) }
            stream.finish()
            #expect(try await stream.response().status == 200)
            let text = try await stream.body.collect(maxBytes: 100)
            #expect(String(decoding: text, as: UTF8.self) == "52400000")
        }
    }

    @Test("A reader that does not read stops its writer within the windows")
    func slowReader() async throws {
        let release = Signal()
        let handler = TestHandler(
            mode: Self.streamed,
            streamed: { _, body, writer in
                await release.wait()
                var count = 0
                do {
                    for try await chunk in body { count += chunk.count }
                    try await writer.send(.text(200, "\(count)"))
                } catch {
                    writer.abort()
                }
            }
        )
        try await withServer(handler) { _, client, _ in
            let stream = client.open(HTTPClientRequest(method: "POST", path: "/"))
            let written = Atomic<Int>(0)
            let total = 16 << 20
            async let writing: Void = {
                let piece = [UInt8](repeating: 65, count: 64 << 10)
                for _ in 0..<(total / piece.count) {
                    try await stream.write(piece)
                    written.add(piece.count, ordering: .relaxed)
                }
                stream.finish()
            }()
            // The window of the stream (1 MiB) and the writer's own bound (256 KiB) fill, then it waits.
            #expect(await eventually { written.load(ordering: .relaxed) >= 1 << 20 })
            try await Task.sleep(for: .milliseconds(200))
            #expect(written.load(ordering: .relaxed) < 3 << 20)
            // Other streams of the connection are not held up.
            release.set()
            try await writing
            let text = try await stream.body.collect(maxBytes: 100)
            #expect(String(decoding: text, as: UTF8.self) == "\(total)")
        }
    }

    @Test("A client that does not read stops the handler's writes within the windows")
    func slowClient() async throws {
        let written = Atomic<Int>(0)
        let total = 16 << 20
        let handler = TestHandler(
            mode: Self.streamed,
            streamed: { _, _, writer in
                do {
                    try writer.start(status: 200)
                    let piece = [UInt8](repeating: 66, count: 64 << 10)
                    for _ in 0..<(total / piece.count) {
                        try await writer.write(piece)
                        written.add(piece.count, ordering: .relaxed)
                    }
                    try writer.finish()
                } catch {
                    writer.abort()
                }
            }
        )
        try await withServer(handler) { _, client, _ in
            let stream = client.open(HTTPClientRequest(path: "/"))
            stream.finish()
            #expect(try await stream.response().status == 200)
            #expect(await eventually { written.load(ordering: .relaxed) >= 1 << 20 })
            try await Task.sleep(for: .milliseconds(200))
            #expect(written.load(ordering: .relaxed) < 3 << 20)
            #expect(try await stream.body.collect(maxBytes: total).count == total)
        }
    }

    @Test("A handler that returns without finishing has its stream reset")
    func unfinished() async throws {
        let handler = TestHandler(
            mode: Self.streamed,
            streamed: { _, _, writer in
                try? writer.start(status: 200)
                try? await writer.write([1, 2, 3])
            }
        )
        try await withServer(handler) { _, client, _ in
            await #expect {
                try await client.send(HTTPClientRequest(path: "/"))
            } throws: {
                ($0 as? TransportError)?.code == .streamReset
            }
        }
    }

    @Test("An answer before the end of the request stops the request")
    func earlyAnswer() async throws {
        let handler = TestHandler(
            mode: Self.streamed,
            streamed: { _, _, writer in
                try? await writer.send(.text(403, "no"))
            }
        )
        try await withServer(handler) { _, client, _ in
            let stream = client.open(HTTPClientRequest(method: "POST", path: "/"))
            let piece = [UInt8](repeating: 65, count: 64 << 10)
            await #expect(throws: TransportError.self) {
                for _ in 0..<1000 { try await stream.write(piece) }
            }
            let head = try await stream.response()
            #expect(head.status == 403)
            let text = try await stream.body.collect(maxBytes: 10)
            #expect(text == Array("no".utf8))
        }
    }

    @Test("A stream that is let go tells the handler")
    func letGo() async throws {
        let begun = Signal()
        let ended = Signal()
        let handler = TestHandler(
            mode: Self.streamed,
            streamed: { _, body, _ in
                do {
                    for try await _ in body { begun.set() }
                } catch {
                    ended.set()
                }
            }
        )
        try await withServer(handler) { _, client, _ in
            do {
                let stream = client.open(HTTPClientRequest(method: "POST", path: "/"))
                try await stream.write([1])
                await begun.wait()
            }
            await ended.wait()
        }
    }
}
