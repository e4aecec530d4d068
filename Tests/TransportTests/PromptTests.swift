import NIOConcurrencyHelpers
import NIOPosix
import Testing
import Transport

@Suite("Prompt requests")
struct PromptTests {
    /// Whether a request was answered on a loop, by its path.
    private final class Places: Sendable {
        private let seen = NIOLockedValueBox<[String: Set<Bool>]>([:])

        func note(_ path: String) {
            let isOnLoop = MultiThreadedEventLoopGroup.currentEventLoop != nil
            seen.withLockedValue { _ = $0[path, default: []].insert(isOnLoop) }
        }

        func of(_ path: String) -> Set<Bool> { seen.withLockedValue { $0[path] ?? [] } }
    }

    @Test("they are answered on the event loop, before and after they wait; others are not")
    func onTheLoop() async throws {
        let places = Places()
        var handler = TestHandler()
        handler.prompt = { head, bodyBytes in head.path == "/prompt" && bodyBytes < 10 }
        handler.answer = { head, body in
            places.note(head.path + "\(body.count)")
            try? await Task.sleep(for: .milliseconds(1))
            places.note(head.path + "\(body.count)")
            return HTTPResponse(status: 200, body: body)
        }
        try await withServer(handler) { _, client, _ in
            for (path, count) in [("/prompt", 3), ("/prompt", 30), ("/other", 3)] {
                let body = [UInt8](repeating: 7, count: count)
                let answer = try await client.send(HTTPClientRequest(method: "POST", path: path, body: body))
                #expect(answer.body == body)
            }
        }
        #expect(places.of("/prompt3") == [true])
        #expect(places.of("/prompt30") == [false])
        #expect(places.of("/other3") == [false])
    }

    /// A coordinator's request waits for a shard's answer on the loop that has to bring it.
    @Test("they may ask others meanwhile, over connections of the same loops, many at a time")
    func nested() async throws {
        var inner = TestHandler()
        inner.answer = { _, body in HTTPResponse(status: 200, body: body.reversed()) }
        try await withServer(inner, client: HTTPClientConfiguration(connections: 2)) { _, inside, _ in
            var outer = TestHandler()
            outer.prompt = { _, _ in true }
            outer.answer = { _, body in
                async let first = inside.send(HTTPClientRequest(method: "POST", path: "/a", body: body))
                async let second = inside.send(HTTPClientRequest(method: "POST", path: "/b", body: body))
                guard let one = try? await first, let two = try? await second, one.body == two.body
                else { return HTTPResponse(status: 500) }
                return HTTPResponse(status: 200, body: one.body)
            }
            try await withServer(outer, client: HTTPClientConfiguration(connections: 2)) { _, client, _ in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<400 {
                        group.addTask {
                            let body = Array("request \(number)".utf8)
                            let answer = try await client.send(
                                HTTPClientRequest(method: "POST", path: "/", body: body)
                            )
                            #expect(answer.body == body.reversed())
                        }
                    }
                    try await group.waitForAll()
                }
            }
        }
    }
}
