import Synchronization
import Testing
import Transport

@Suite("Deadlines and cancellation")
struct DeadlineTests {
    /// A handler that tells when it began and when it was cancelled.
    private func endless(_ begun: Signal, _ cancelled: Signal) -> TestHandler {
        TestHandler(answer: { head, _ in
            guard head.path == "/slow" else { return .text(200, "fast") }
            begun.set()
            do {
                try await Task.sleep(for: .seconds(60))
            } catch {
                cancelled.set()
            }
            return .text(200, "late")
        })
    }

    @Test("A passed deadline ends the call and cancels the handler; the connection goes on")
    func deadline() async throws {
        let begun = Signal()
        let cancelled = Signal()
        try await withServer(endless(begun, cancelled)) { server, client, _ in
            // On a busy machine a call may be over before it was sent.
            while !begun.isSet {
                await #expect {
                    try await client.send(HTTPClientRequest(path: "/slow"), deadline: .milliseconds(100))
                } throws: {
                    ($0 as? TransportError)?.code == .deadlineExceeded
                }
            }
            #expect(await eventually { cancelled.isSet })
            let next = try await client.send(HTTPClientRequest(path: "/"))
            #expect(next.status == 200)
            #expect(server.connectionCounts.accepted == 1)
        }
    }

    @Test("Each call has its own deadline, in whatever order they are made")
    func manyDeadlines() async throws {
        try await withServer(endless(Signal(), Signal())) { _, client, _ in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for milliseconds in [300, 20, 150, 80] {
                    group.addTask {
                        let start = ContinuousClock.now
                        do throws(TransportError) {
                            _ = try await client.send(
                                HTTPClientRequest(path: "/slow"),
                                deadline: .milliseconds(milliseconds)
                            )
                            return false
                        } catch {
                            let isEarly = ContinuousClock.now - start < .milliseconds(milliseconds)
                            return error.code == .deadlineExceeded && !isEarly
                        }
                    }
                }
                for try await isRight in group { #expect(isRight) }
            }
        }
    }

    @Test("A cancelled task ends the call and cancels the handler")
    func cancellation() async throws {
        let begun = Signal()
        let cancelled = Signal()
        try await withServer(endless(begun, cancelled)) { _, client, _ in
            let task = Task { () async throws(TransportError) -> HTTPResponse in
                try await client.send(HTTPClientRequest(path: "/slow"))
            }
            await begun.wait()
            task.cancel()
            await #expect {
                try await task.value
            } throws: {
                ($0 as? TransportError)?.code == .cancelled
            }
            #expect(await eventually { cancelled.isSet })
        }
    }

    @Test("A task cancelled before it sends sends nothing")
    func cancelledBefore() async throws {
        let requests = Atomic<Int>(0)
        let handler = TestHandler(answer: { _, _ in
            requests.add(1, ordering: .relaxed)
            return .text(200, "")
        })
        try await withServer(handler) { _, client, _ in
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await client.send(HTTPClientRequest(path: "/"))
            }
            await #expect(throws: TransportError.self) { try await task.value }
            _ = try await client.send(HTTPClientRequest(path: "/"))
            #expect(requests.load(ordering: .relaxed) == 1)
        }
    }

    @Test("No server: the error says where, and comes within the deadline")
    func noServer() async throws {
        let client = try HTTPClient(endpoint: Endpoint(host: "127.0.0.1", port: 1), group: Loops.shared)
        await #expect {
            try await client.send(HTTPClientRequest(path: "/"), deadline: .seconds(5))
        } throws: {
            let error = $0 as? TransportError
            return error?.code == .connectFailed && error?.operation == "connect to 127.0.0.1:1"
        }
        await client.close()
    }

    @Test("Calls past the waiting limit fail at once")
    func waitingLimit() async throws {
        var limits = HTTPLimits()
        limits.maxConcurrentStreams = 2
        var configuration = HTTPClientConfiguration()
        configuration.maxWaitingRequests = 3
        let begun = Signal()
        let release = Signal()
        let handler = TestHandler(answer: { _, _ in
            begun.set()
            await release.wait()
            return .text(200, "")
        })
        try await withServer(handler, limits: limits, client: configuration) { _, client, _ in
            let warm = Task { try await client.send(HTTPClientRequest(path: "/")) }
            await begun.wait()
            await withTaskGroup(of: TransportError.Code?.self) { group in
                for _ in 0..<10 {
                    group.addTask {
                        do throws(TransportError) {
                            _ = try await client.send(HTTPClientRequest(path: "/"))
                            return nil
                        } catch {
                            return error.code
                        }
                    }
                }
                var failed = 0
                for await code in group {
                    if code == .limitExceeded { failed += 1 }
                    if failed == 6 { release.set() }
                }
                #expect(failed == 6)
            }
            _ = try await warm.value
        }
    }
}
