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
/// Answers never wait for it: events wait in a queue of fixed length, and what does not fit is lost to the receiver
/// (not to the trail), counted and said. What was under way when a connection broke is sent again.
final class SyslogSender: Sendable {
    /// Events that may wait: fewer than one write's would be lost needlessly, more would be gigabytes.
    static let waitingRange = 256...4_194_304
    /// A minute of a thousand events a second.
    private static let waitingDefault = 65_536
    /// Events of one write.
    private static let groupLimit = 256
    /// Between looks whether there is something to send.
    private static let pause: Duration = .milliseconds(100)
    /// After a failure; doubles up to `patienceMax`.
    private static let patienceMin: Duration = .milliseconds(250)
    private static let patienceMax: Duration = .seconds(30)
    /// How long what waits may take when the registry ends.
    private static let finishTime: Duration = .seconds(5)

    private struct State {
        var waiting: [AuditEvent] = []
        /// Of `waiting`, how many were taken already: they are dropped together, now and then.
        var taken = 0
        var lost = 0
        var sent = 0
    }

    private let address: ListenAddress
    private let frame: SyslogFrame
    private let limit: Int
    private let client: OneWayClient
    private let state = Mutex(State())

    /// A sender for an operator's choices; `nil` where there is no receiver.
    ///
    /// - Throws: `TransportError` where certificates do not load.
    init?(_ options: GuardOptions) throws(TransportError) {
        guard let address = options.auditSyslog else { return nil }
        self.address = address
        limit = options.auditSyslogWaiting ?? Self.waitingDefault
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

    /// Takes an event that the trail has taken; returns at once.
    func offer(_ event: AuditEvent) {
        state.withLock { state in
            guard state.waiting.count - state.taken < limit else {
                state.lost += 1
                return
            }
            state.waiting.append(event)
        }
    }

    /// Sends until the task is cancelled.
    func run(_ metrics: MetricsRegistry, _ logger: Logger) async {
        var patience = Self.patienceMin
        var isDown = false
        var toldLost = 0
        while !Task.isCancelled {
            tell(metrics)
            let lost = state.withLock { $0.lost }
            if lost > toldLost, !isDown || toldLost == 0 {
                logger.error(
                    "audit events were lost to the receiver of syslog; the audit trail has them",
                    metadata: ["receiver": "\(address)", "lost": "\(lost)"]
                )
                toldLost = lost
            }
            do throws(TransportError) {
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

    /// Sends what waits still, for a while; says what does not get out any more.
    func finish(_ logger: Logger) async {
        let clock = ContinuousClock()
        let end = clock.now + Self.finishTime
        while clock.now < end, (try? await sendGroup()) == true {}
        client.close()
        let left = state.withLock { $0.waiting.count - $0.taken + $0.lost }
        guard left > 0 else { return }
        logger.error(
            "audit events did not get to the receiver of syslog; the audit trail has them",
            metadata: ["receiver": "\(address)", "lost": "\(left)"]
        )
    }

    /// Sends what waits longest; whether there was anything.
    private func sendGroup() async throws(TransportError) -> Bool {
        let group = state.withLock { state in Array(state.waiting[state.taken...].prefix(Self.groupLimit)) }
        guard !group.isEmpty else { return false }
        try await client.send(group.flatMap { frame.bytes($0) })
        state.withLock { state in
            state.taken += group.count
            state.sent += group.count
            guard state.taken > limit / 2 || state.taken == state.waiting.count else { return }
            state.waiting.removeFirst(state.taken)
            state.taken = 0
        }
        return true
    }

    private func tell(_ metrics: MetricsRegistry) {
        let (waiting, sent, lost) = state.withLock { ($0.waiting.count - $0.taken, $0.sent, $0.lost) }
        metrics.gauge(.syslogWaiting).set(waiting)
        metrics.gauge(.syslogSent).set(sent)
        metrics.gauge(.syslogLost).set(lost)
    }
}
