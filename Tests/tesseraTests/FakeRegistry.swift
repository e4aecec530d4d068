import Foundation
import JSON
import Locks
import NIOPosix
import Transport

@testable import tessera

/// A server that takes loads as a registry does and misbehaves as told.
final class FakeRegistry: HTTPHandler, Sendable {
    /// How it misbehaves.
    struct Moods: Sendable {
        /// Requests answered 503 before any is taken.
        var refusals = 0
        /// Streams that are cut off after so many lines.
        var cuts: [Int] = []
        /// Every n-th line is not stored the first time and marked for another try.
        var retryEvery = 0
        /// Ids that are rejected.
        var rejected: Set<String> = []
        /// Whether every answer is something else.
        var isStranger = false
        /// Whether lines are taken and never answered.
        var isSilent = false
    }

    private struct State {
        var moods: Moods
        var stored: [String: [UInt8]] = [:]
        var writes: [String: Int] = [:]
        var retried: Set<[UInt8]> = []
        var lines = 0
        var streams = 0
    }

    private let state: Mutex<State>
    private let pages: Mutex<[String: HTTPResponse]> = Mutex([:])

    init(_ moods: Moods = Moods()) { state = Mutex(State(moods: moods)) }

    /// The last document of each id.
    var stored: [String: [UInt8]] { state.withLock { $0.stored } }
    /// Lines taken, those not stored among them.
    var lines: Int { state.withLock { $0.lines } }
    /// Streams opened.
    var streams: Int { state.withLock { $0.streams } }

    /// Answers a path.
    func answer(_ path: String, _ response: HTTPResponse) { pages.withLock { $0[path] = response } }

    func bodyMode(for head: HTTPRequestHead) -> BodyMode {
        head.path == "/api/v1/load" ? .streamed : .buffered(maxBytes: 1 << 20)
    }

    func respond(to head: HTTPRequestHead, body: [UInt8]) async -> HTTPResponse {
        pages.withLock { $0[head.path] } ?? .text(404, "nothing here")
    }

    func stream(head: HTTPRequestHead, body: HTTPBodyStream, writer: HTTPResponseWriter) async {
        let (isRefused, cut, isStranger) = state.withLock { state in
            state.streams += 1
            if state.moods.refusals > 0 {
                state.moods.refusals -= 1
                return (true, 0, false)
            }
            let cut = state.moods.cuts.isEmpty ? Int.max : state.moods.cuts.removeFirst()
            return (false, cut, state.moods.isStranger)
        }
        do {
            if isRefused {
                let problem = Array(#"{"detail":"too many loads"}"#.utf8)
                return try await writer.send(HTTPResponse(status: 503, headers: ["retry-after": "0"], body: problem))
            }
            try writer.start(status: 200)
            if isStranger { try await writer.write(Array("<html>\n".utf8)) }
            try await carryOut(body, writer, cut: cut)
        } catch {
            writer.abort()
        }
    }

    private func carryOut(_ body: HTTPBodyStream, _ writer: HTTPResponseWriter, cut: Int) async throws {
        var rest: [UInt8] = []
        var line = 0
        while let chunk = try await body.next() {
            rest += chunk
            var answers: [UInt8] = []
            while let end = rest.firstIndex(of: 0x0A) {
                line += 1
                guard line <= cut else {
                    try await writer.write(answers)
                    return writer.abort()
                }
                answers += Array(answer(Array(rest[..<end]), line).utf8)
                rest.removeSubrange(...end)
            }
            if !state.withLock({ $0.moods.isSilent }) { try await writer.write(answers) }
        }
        try writer.finish()
    }

    private func answer(_ document: [UInt8], _ line: Int) -> String {
        let patient = try? JSONValue(parsing: document.span.bytes)
        let id = patient?["identifier"]?[0]?["value"]?.string ?? ""
        return state.withLock { state in
            state.lines += 1
            if state.moods.rejected.contains(id) {
                return #"{"line":\#(line),"error":{"code":"value","field":"Patient.x","message":"no, \"never\""}}"#
                    + "\n"
            }
            if state.moods.retryEvery > 0, state.lines % state.moods.retryEvery == 0,
                state.retried.insert(document).inserted
            {
                return #"{"line":\#(line),"retry":true,"error":{"code":"transient","field":"","message":"busy"}}"#
                    + "\n"
            }
            let isNew = state.stored.updateValue(document, forKey: id) == nil
            state.writes[id, default: 0] += 1
            return #"{"line":\#(line),"source":"s","id":"\#(id)","golden":"G","version":1,"created":\#(isNew)}"# + "\n"
        }
    }

    /// Runs a server, and work with its URL.
    func serve<Value>(_ work: (ServerURL) async throws -> Value) async throws -> Value {
        let server = try HTTPServer(
            configuration: HTTPServerConfiguration(),
            group: MultiThreadedEventLoopGroup.singleton,
            handler: self
        )
        _ = try await server.start()
        let url = try ServerURL(parsing: "http://127.0.0.1:\(server.port ?? 0)")
        do {
            let value = try await work(url)
            await server.stop()
            return value
        } catch {
            await server.stop()
            throw error
        }
    }
}
