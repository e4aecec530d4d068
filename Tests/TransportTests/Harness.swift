import Foundation
import Logging
import NIOCore
import NIOPosix
import NIOConcurrencyHelpers
import Testing
import Transport

/// The event loops of all tests.
enum Loops {
    static let shared = MultiThreadedEventLoopGroup(numberOfThreads: 2)
}

/// Answers with functions given by the test.
struct TestHandler: HTTPHandler {
    var mode: @Sendable (HTTPRequestHead) -> BodyMode = { _ in .buffered(maxBytes: 1 << 20) }
    var answer: @Sendable (HTTPRequestHead, [UInt8]) async -> HTTPResponse = { head, body in
        HTTPResponse(
            status: 200,
            headers: ["x-method": head.method, "x-path": head.path, "x-version": head.version.rawValue],
            body: body
        )
    }
    var streamed: @Sendable (HTTPRequestHead, HTTPBodyStream, HTTPResponseWriter) async -> Void = { _, _, _ in }

    var prompt: @Sendable (HTTPRequestHead, Int) -> Bool = { _, _ in false }

    func bodyMode(for head: HTTPRequestHead) -> BodyMode { mode(head) }

    func isPrompt(_ head: HTTPRequestHead, bodyBytes: Int) -> Bool { prompt(head, bodyBytes) }

    func respond(to head: HTTPRequestHead, body: [UInt8]) async -> HTTPResponse { await answer(head, body) }

    func stream(head: HTTPRequestHead, body: HTTPBodyStream, writer: HTTPResponseWriter) async {
        await streamed(head, body, writer)
    }
}

/// Echoes on the event loop.
struct InlineEcho: InlineHTTPHandler {
    func respond(to head: HTTPRequestHead, body: [UInt8], reply: HTTPReply) {
        reply.send(HTTPResponse(status: 200, headers: ["x-path": head.path], body: body))
    }
}

/// Runs a server and a client of it, and ends both.
func withServer(
    _ handler: TestHandler = TestHandler(),
    limits: HTTPLimits = HTTPLimits(),
    client configuration: HTTPClientConfiguration = HTTPClientConfiguration(),
    _ body: (HTTPServer, HTTPClient, Int) async throws -> Void
) async throws {
    let server = try HTTPServer(
        configuration: HTTPServerConfiguration(limits: limits),
        group: Loops.shared,
        handler: handler
    )
    try await withRunning(server, client: configuration, body)
}

/// Runs a server and a client of it, and ends both.
func withRunning(
    _ server: HTTPServer,
    client configuration: HTTPClientConfiguration = HTTPClientConfiguration(),
    tls: TLSClientConfiguration? = nil,
    _ body: (HTTPServer, HTTPClient, Int) async throws -> Void
) async throws {
    let port = try #require(try await server.start().port)
    let client = try HTTPClient(
        endpoint: Endpoint(host: "127.0.0.1", port: port, tls: tls),
        configuration: configuration,
        group: Loops.shared
    )
    do {
        try await body(server, client, port)
    } catch {
        await client.close(timeout: .seconds(1))
        await server.stop()
        throw error
    }
    await client.close(timeout: .seconds(1))
    await server.drain(timeout: .seconds(1))
}

/// Bytes that tell where they are, at a cost a debug build can pay: a closure a byte would hold up every other test.
func patterned(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    for index in stride(from: 0, to: count, by: 1021) { bytes[index] = UInt8(truncatingIfNeeded: index / 1021) }
    return bytes
}

/// Something that happens once and can be awaited.
final class Signal: Sendable {
    private struct State {
        var isSet = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = NIOLockedValueBox(State())

    func set() {
        let waiters = state.withLockedValue { state in
            state.isSet = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isSet = state.withLockedValue { state in
                if !state.isSet { state.waiters.append(continuation) }
                return state.isSet
            }
            if isSet { continuation.resume() }
        }
    }

    var isSet: Bool { state.withLockedValue { $0.isSet } }
}

/// Waits until a condition holds; false when it does not within ten seconds.
func eventually(_ condition: () -> Bool) async -> Bool {
    for _ in 0..<1000 {
        if condition() { return true }
        try? await Task.sleep(for: .milliseconds(10))
    }
    return condition()
}

/// Starts a program and gives what it wrote and its exit status.
func run(_ program: String, _ arguments: [String]) async throws -> (status: Int32, output: String, errors: String) {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global().async {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: program)
            process.arguments = arguments
            let output = Pipe()
            let errors = FileManager.default.temporaryDirectory.appendingPathComponent("tessera-\(UUID().uuidString)")
            _ = FileManager.default.createFile(atPath: errors.path, contents: nil)
            defer { try? FileManager.default.removeItem(at: errors) }
            process.standardOutput = output
            process.standardError = FileHandle(forWritingAtPath: errors.path)
            do {
                try process.run()
                let data = output.fileHandleForReading.readDataToEndOfFile()
                process.waitUntilExit()
                let errorText = (try? String(contentsOf: errors, encoding: .utf8)) ?? ""
                continuation.resume(
                    returning: (process.terminationStatus, String(decoding: data, as: UTF8.self), errorText)
                )
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }
}
