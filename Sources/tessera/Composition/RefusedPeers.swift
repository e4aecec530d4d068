import Audit
import Entrance
import Locks
import Logging
import Transport

/// Remembers clients whose TLS handshake failed: a security alert each in the audit trail (ITI-19, ITI-20).
///
/// Connections must not wait for the trail, and a flood of them must not fill memory: what is too much at once is
/// counted, and told with what comes next.
final class RefusedPeers: Sendable {
    /// Failures that wait to be written.
    private static let waiting = 256

    private struct Failure: Sendable {
        let address: String
        let reason: String
        let door: String
        let time: UInt64
    }

    private let recorder: Recorder
    private let failures: AsyncStream<Failure>
    private let continuation: AsyncStream<Failure>.Continuation
    private let lost = Mutex(0)

    init(_ recorder: Recorder) {
        self.recorder = recorder
        (failures, continuation) = AsyncStream.makeStream(
            of: Failure.self,
            bufferingPolicy: .bufferingOldest(Self.waiting)
        )
    }

    /// What a door tells of failures.
    func teller(_ door: String) -> TLSRefusal? {
        guard recorder.isOn else { return nil }
        return { address, reason in self.take(Failure(address: address, reason: reason, door: door, time: self.now)) }
    }

    private var now: UInt64 { recorder.now() }

    private func take(_ failure: Failure) {
        if case .dropped = continuation.yield(failure) { lost.withLock { $0 += 1 } }
    }

    /// Writes what the doors tell until the task is cancelled.
    func run(_ logger: Logger) async {
        for await failure in failures {
            do throws(AuditError) {
                try await recorder.record(event(failure), nil, nil)
            } catch {
                logger.error("a failed handshake is not remembered", metadata: ["reason": "\(error.detail)"])
            }
        }
    }

    private func event(_ failure: Failure) -> AuditEvent {
        var event = AuditEvent(
            time: failure.time,
            action: .execute,
            interaction: "node-authentication",
            route: failure.door,
            client: "unknown"
        )
        event.kind = .alert
        event.outcome = .serious
        event.detail = "the TLS handshake failed: \(failure.reason)"
        let more = lost.withLock { lost in
            defer { lost = 0 }
            return lost
        }
        if more > 0 { event.detail += "; \(more) more before it were too many to be told apart" }
        event.address = Credentials.host(of: failure.address)
        return event
    }
}
