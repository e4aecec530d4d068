import Audit
import Foundation
import Locks
import Logging
import NIOPosix
import PatientMapping
import Telemetry
import Transport

/// Tells a receiver of syslog over TLS what the audit trail has taken.
///
/// The trail itself is the queue: a mark beside it says how far the receiver was told, and outlives the process, so
/// that whatever is in the trail goes out at least once. Answers never wait for it.
final class SyslogSender: Sendable {
    /// Events of one write.
    private static let groupLimit = 256
    /// Between looks whether there is something to send.
    private static let pause: Duration = .milliseconds(100)
    /// How long the connection must last behind an event for it to count as told: the receiver acknowledges nothing,
    /// and what the system took when a connection broke may never have arrived.
    private static let doubt: Duration = .seconds(2)
    /// After a failure; doubles up to `patienceMax`.
    private static let patienceMin: Duration = .milliseconds(250)
    private static let patienceMax: Duration = .seconds(30)
    /// How long what waits may take when the registry ends.
    private static let finishTime: Duration = .seconds(5)

    private struct State {
        var follower: AuditFollower
        /// The last entry that counts as told, as the mark has it.
        var told: UInt64
        /// Groups that were sent and do not count as told yet: the last entry of each.
        var doubtful: [(last: UInt64, sent: ContinuousClock.Instant)] = []
        var ended = 0
        var lost: UInt64 = 0
        var sent = 0
    }

    private let address: ListenAddress
    private let frame: SyslogFrame
    private let client: OneWayClient
    private let trail: AuditTrail
    private let mark: ToldMark
    private let state: Mutex<State>

    /// A sender for an operator's choices; `nil` where there is no receiver.
    ///
    /// - Throws: `TransportError` where certificates do not load, `AuditError` where the mark fails.
    init?(_ options: GuardOptions, _ trail: AuditTrail) throws {
        guard let address = options.auditSyslog else { return nil }
        self.address = address
        self.trail = trail
        mark = ToldMark(directory: trail.directory, receiver: "syslog")
        // A receiver that is new is told what comes from now on.
        let told = min(try mark.read() ?? trail.durable, trail.durable)
        try mark.write(told)
        state = Mutex(State(follower: AuditFollower(directory: trail.directory, after: told), told: told))
        frame = SyslogFrame(
            host: Self.host,
            process: Int(ProcessInfo.processInfo.processIdentifier),
            format: options.auditSyslogFormat.flatMap(SyslogFrame.Format.init(rawValue:)) ?? .dicom,
            observer: "Tessera",
            goldenSystem: PatientMapping.Settings().goldenSystem
        )
        let tls = TLSClientConfiguration(
            authoritiesPath: options.auditSyslogAuthorities,
            certificatePath: options.auditSyslogCertificate,
            keyPath: options.auditSyslogKey
        )
        client = try OneWayClient(
            endpoint: Endpoint(host: address.host, port: address.port, tls: tls),
            group: MultiThreadedEventLoopGroup.singleton
        )
    }

    /// The name of this machine, as the kernel has it: nothing is asked of the network.
    private static var host: String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "-" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Sends until the task is cancelled.
    func run(_ metrics: MetricsRegistry, _ logger: Logger) async {
        var patience = Self.patienceMin
        var isDown = false
        var toldLost: UInt64 = 0
        while !Task.isCancelled {
            tell(metrics)
            let lost = state.withLock { $0.lost + $0.follower.missing }
            if lost > toldLost {
                logger.error(
                    "files of the audit trail were put away before the receiver of syslog was told what is in them",
                    metadata: ["receiver": "\(address)", "entries": "\(lost)"]
                )
                toldLost = lost
            }
            do {
                let isIdle = try await !sendGroup()
                if isDown { logger.info("syslog goes out again", metadata: ["receiver": "\(address)"]) }
                (isDown, patience) = (false, Self.patienceMin)
                if isIdle { try? await Task.sleep(for: Self.pause) }
            } catch {
                if !isDown {
                    logger.warning(
                        "the receiver of syslog takes nothing; audit events wait for it",
                        metadata: ["receiver": "\(address)", "reason": "\(error)"]
                    )
                }
                isDown = true
                try? await Task.sleep(for: patience)
                patience = min(patience + patience, Self.patienceMax)
            }
        }
    }

    /// Sends what waits still, for a while; what does not get out any more goes out after the next start.
    func finish(_ logger: Logger) async {
        let clock = ContinuousClock()
        let end = clock.now + Self.finishTime
        while clock.now < end, (try? await sendGroup()) == true {}
        client.close()
        // What the connection took before it was closed in good order counts as told.
        let left = state.withLock { state in
            if let last = state.doubtful.last?.last { remember(last, &state) }
            return trail.durable - min(state.told, trail.durable)
        }
        guard left > 0 else { return }
        logger.warning(
            "audit events wait for the receiver of syslog; they go out after the next start",
            metadata: ["receiver": "\(address)", "waiting": "\(left)"]
        )
    }

    /// Sends what waits longest; whether there was anything.
    private func sendGroup() async throws -> Bool {
        settle()
        let last = trail.durable
        let group = try state.withLock { state throws(AuditError) in
            try state.follower.next(limit: Self.groupLimit, through: last)
        }
        guard let end = group.last?.number else { return false }
        do throws(TransportError) {
            try await client.send(group.flatMap { frame.bytes($0.event) })
        } catch {
            state.withLock { goBack(&$0) }
            throw error
        }
        state.withLock { state in
            state.sent += group.count
            state.doubtful.append((end, ContinuousClock().now))
        }
        return true
    }

    /// Marks as told what the connection outlived for long enough; what it did not is read again.
    private func settle() {
        let now = ContinuousClock().now
        state.withLock { state in
            guard state.ended == client.endedConnections else { return goBack(&state) }
            let count = state.doubtful.prefix { now - $0.sent >= Self.doubt }.count
            guard count > 0 else { return }
            remember(state.doubtful[count - 1].last, &state)
            state.doubtful.removeFirst(count)
        }
    }

    private func remember(_ last: UInt64, _ state: inout State) {
        // What is not marked is told again after a start: once too often, and never too seldom.
        guard (try? mark.write(last)) != nil else { return }
        state.told = last
    }

    private func goBack(_ state: inout State) {
        state.ended = client.endedConnections
        state.lost += state.follower.missing
        state.doubtful = []
        state.follower = AuditFollower(directory: trail.directory, after: state.told)
    }

    private func tell(_ metrics: MetricsRegistry) {
        let last = trail.durable
        let (waiting, sent, lost) = state.withLock { state in
            (last - min(last, state.follower.position), state.sent, state.lost + state.follower.missing)
        }
        metrics.gauge(.syslogWaiting).set(Int(clamping: waiting))
        metrics.gauge(.syslogSent).set(sent)
        metrics.gauge(.syslogLost).set(Int(clamping: lost))
    }
}
