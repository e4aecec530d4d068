import Foundation
import Testing
import Transport

@Suite("curl in clear text")
struct CurlTests {
    private static let handler = TestHandler(answer: { head, body in
        .text(200, "\(head.method) \(head.path) \(head.version.rawValue) \(body.count)")
    })

    private func curl(_ options: [String], _ expected: String) async throws {
        try await withServer(Self.handler) { _, _, port in
            let result = try await run("/usr/bin/curl", ["-sS"] + options + ["http://127.0.0.1:\(port)/p?q=1"])
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output == expected)
        }
    }

    @Test("HTTP/1.1")
    func http1() async throws {
        try await curl(["--http1.1"], "GET /p?q=1 HTTP/1.1 0")
    }

    @Test("HTTP/2 with prior knowledge")
    func http2() async throws {
        try await curl(["--http2-prior-knowledge"], "GET /p?q=1 HTTP/2 0")
    }

    @Test("An upgrade offer is passed over, the request answered as HTTP/1.1")
    func upgradeOffer() async throws {
        try await curl(["--http2"], "GET /p?q=1 HTTP/1.1 0")
    }

    @Test("A body with Expect: 100-continue, in both protocols", arguments: ["--http1.1", "--http2-prior-knowledge"])
    func upload(version: String) async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("tessera-upload-\(UUID().uuidString)")
        try Data(repeating: 65, count: 1_000_000).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        try await curl(
            [version, "-H", "Expect: 100-continue", "--data-binary", "@\(file.path)"],
            "POST /p?q=1 \(version == "--http1.1" ? "HTTP/1.1" : "HTTP/2") 1000000"
        )
    }

    @Test("A chunked upload")
    func chunked() async throws {
        try await curl(
            ["--http1.1", "-H", "Transfer-Encoding: chunked", "--data-binary", "abcdef"],
            "POST /p?q=1 HTTP/1.1 6"
        )
    }
}
