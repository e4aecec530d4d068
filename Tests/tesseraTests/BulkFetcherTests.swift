import Access
import Gateway
import Locks
import NIOCore
import NIOPosix
import Testing
import Transport

@testable import tessera

/// What a client may make the registry fetch, and from where it is fetched.
struct BulkFetcherTests {
    /// What a server was asked.
    private final class Asked: Sendable {
        private let list = Mutex<[String]>([])

        var all: [String] { list.withLock { $0 } }

        func add(_ text: String) { list.withLock { $0.append(text) } }
    }

    /// Counts how often a name was looked up.
    private final class LookUps: Sendable {
        private let count = Mutex(0)

        func next() -> Int {
            count.withLock { count in
                count += 1
                return count
            }
        }
    }

    /// A file on a web server, with ranges or without.
    private struct Files: HTTPHandler {
        let body: [UInt8]
        let knowsRanges: Bool
        let asked: Asked

        func bodyMode(for head: HTTPRequestHead) -> BodyMode { .buffered(maxBytes: 1_024) }

        func respond(to head: HTTPRequestHead, body sent: [UInt8]) async -> HTTPResponse {
            asked.add("\(head.authority)\(head.path)")
            guard head.pathOnly == "/file" else { return HTTPResponse(status: 404, headers: [:], body: []) }
            let text = head.headers["range"] ?? ""
            guard knowsRanges, text.hasPrefix("bytes=") else {
                return HTTPResponse(status: 200, headers: [:], body: body)
            }
            let ends = text.dropFirst(6).split(separator: "-").compactMap { Int($0) }
            guard ends.count == 2, ends[0] < body.count else {
                return HTTPResponse(status: 416, headers: [:], body: [])
            }
            let piece = Array(body[ends[0]...min(ends[1], body.count - 1)])
            let range = "bytes \(ends[0])-\(ends[0] + piece.count - 1)/\(body.count)"
            return HTTPResponse(status: 206, headers: ["content-range": range, "etag": "\"1\""], body: piece)
        }

        func stream(head: HTTPRequestHead, body: HTTPBodyStream, writer: HTTPResponseWriter) async { writer.abort() }
    }

    private static func serve<T: Sendable>(
        _ body: [UInt8],
        knowsRanges: Bool,
        _ work: @Sendable (Int, Asked) async throws -> T
    ) async throws -> T {
        let asked = Asked()
        let server = try HTTPServer(
            configuration: HTTPServerConfiguration(host: "127.0.0.1", port: 0),
            group: MultiThreadedEventLoopGroup.singleton,
            handler: Files(body: body, knowsRanges: knowsRanges, asked: asked)
        )
        let address = try await server.start()
        let result = try await work(address.port ?? 0, asked)
        await server.drain(timeout: .seconds(1))
        return result
    }

    private static func fetcher(_ resolve: @escaping @Sendable (String) -> [String]) -> BulkFetcher {
        var fetcher = BulkFetcher(allowed: [], group: MultiThreadedEventLoopGroup.singleton)
        fetcher.resolve = resolve
        return fetcher
    }

    private static func whole(_ file: any BulkFile) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let piece = try await file.next() { bytes += piece }
        await file.close()
        return bytes
    }

    @Test(
        "Addresses within are refused, however they are written",
        arguments: [
            "http://127.0.0.1/x", "http://[::1]/x", "http://[::ffff:10.0.0.1]/x", "https://169.254.169.254/latest",
            "http://0.0.0.0/x", "http://2130706433/x", "http://[64:ff9b::7f00:1]/x", "ftp://example.org/x", "http:///x",
            "http://user@example.org/x",
        ]
    )
    func refused(url: String) async {
        let fetcher = BulkFetcher(allowed: [], group: MultiThreadedEventLoopGroup.singleton)
        await #expect(throws: BulkSourceFault.self) { try await fetcher.check(url) }
        await #expect(throws: BulkSourceFault.self) { _ = try await fetcher.fetch(url) }
    }

    @Test("A name that stands for another address by the time of the fetch leads nowhere")
    func rebound() async throws {
        try await Self.serve(Array("secret".utf8), knowsRanges: false) { port, asked in
            let lookUps = LookUps()
            let fetcher = Self.fetcher { _ in [lookUps.next() == 1 ? "203.0.113.7" : "127.0.0.1"] }
            let url = "http://files.example:\(port)/file"
            try await fetcher.check(url)
            await #expect(throws: BulkSourceFault.self) { _ = try await fetcher.fetch(url) }
            #expect(asked.all.isEmpty)
        }
    }

    @Test("One address within among several is enough to refuse")
    func several() async {
        let fetcher = Self.fetcher { _ in ["203.0.113.7", "10.0.0.1"] }
        await #expect(throws: BulkSourceFault.self) { try await fetcher.check("http://files.example/file") }
    }

    @Test(
        "The connection goes to the address that was checked, in the name that was asked for",
        arguments: [true, false]
    )
    func pinned(knowsRanges: Bool) async throws {
        let body = (0..<(RangedFile.piece + 1_000_000)).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try await Self.serve(body, knowsRanges: knowsRanges) { port, asked in
            var fetcher = Self.fetcher { $0 == "files.example" ? ["127.0.0.1"] : [] }
            fetcher.kept = []
            let file = try await fetcher.fetch("http://files.example:\(port)/file")
            #expect(try await Self.whole(file) == body)
            let expected = [String](repeating: "files.example:\(port)/file", count: knowsRanges ? 2 : 1)
            #expect(asked.all == expected)
            let missing = try await fetcher.fetch("http://files.example:\(port)/other")
            await #expect(throws: BulkSourceFault.self) { try await missing.next() }
            await missing.close()
        }
    }
}
