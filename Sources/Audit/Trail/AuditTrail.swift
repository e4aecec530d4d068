internal import Dispatch
internal import Locks

/// The trail of everything that was done: events go in, and are on the disk when `record` returns.
///
///     let trail = try AuditTrail(AuditSettings(directory: "/var/lib/tessera/audit"), now: { clock.milliseconds() })
///     try await trail.record(event)
///
/// Whoever records at the same time shares one sync. While it cannot be written nothing is recorded, `fault` says why,
/// and a new attempt is made once a second.
public final class AuditTrail: Sendable {
    private struct Waiting {
        let event: AuditEvent
        let told: CheckedContinuation<AuditError?, Never>?
    }

    private struct State {
        var waiting: [Waiting] = []
        var isWriting = false
        var isSettling = false
        var isClosed = false
        var durable: UInt64 = 0
        var fault: AuditError?
        var lastAttempt: UInt64 = 0
    }

    /// Events in one group at most: it bounds what is held in memory for one sync.
    private static let groupLimit = 4_096
    /// Events that may wait: past it the disk is far too slow, and those who ask are turned away.
    private static let waitingLimit = 65_536
    /// Most milliseconds of readings that a machine without power may lose; a process that is killed loses none.
    public static let settlingTime = 100
    /// Milliseconds between attempts while it cannot be written.
    private static let patience: UInt64 = 1_000

    /// Where it is kept.
    public let directory: String
    private let queue = DispatchQueue(label: "tessera.audit")
    private let writer: Confined
    private let state = Mutex(State())
    private let now: @Sendable () -> UInt64

    /// The writer is touched on the trail's own queue, or before anybody else knows of it.
    private struct Confined: @unchecked Sendable {  // used on one serial queue only
        let writer: AuditWriter
    }

    /// Opens a trail, or begins one.
    ///
    /// - Parameters:
    ///   - settings: where and how.
    ///   - now: milliseconds since 1970.
    /// - Throws: `broken` where what is there cannot be continued, `system`, `key`.
    public convenience init(_ settings: AuditSettings, now: @escaping @Sendable () -> UInt64) throws(AuditError) {
        self.init(try AuditWriter(settings), settings.directory, now: now)
    }

    init(_ writer: AuditWriter, _ directory: String, now: @escaping @Sendable () -> UInt64) {
        self.writer = Confined(writer: writer)
        self.directory = directory
        self.now = now
        state.withLock { $0.durable = writer.number }
    }

    /// Why nothing can be recorded now; `nil` where all is well.
    ///
    /// Asking makes a new attempt where the last one is long enough ago.
    public var fault: AuditError? {
        let (fault, isDue) = state.withLock { state -> (AuditError?, Bool) in
            guard let fault = state.fault, !state.isClosed else { return (state.fault, false) }
            let time = now()
            guard !state.isWriting, time >= state.lastAttempt + Self.patience else { return (fault, false) }
            state.lastAttempt = time
            var event = AuditEvent(time: time, action: .execute, interaction: "resume", route: "audit", client: "")
            event.kind = .activity
            event.detail = "the trail could not be written: \(fault.detail)"
            state.waiting.append(Waiting(event: event, told: nil))
            state.isWriting = true
            return (fault, true)
        }
        if isDue { queue.async { self.drain() } }
        return fault
    }

    /// The last entry that is on the disk.
    public var durable: UInt64 { state.withLock { $0.durable } }

    /// Bytes of an entry that a crash had left unfinished, and that were cut off when the trail was opened.
    public var droppedBytes: Int { writer.writer.droppedBytes }

    /// Records an event; it is on the disk when this returns, or within `settlingTime` where it may lag.
    ///
    /// - Throws: why it could not be recorded.
    public func record(_ event: AuditEvent) async throws(AuditError) {
        let fault = await withCheckedContinuation { continuation in
            let (refusal, isFirst) = state.withLock { state -> (AuditError?, Bool) in
                if state.isClosed { return (AuditError(.closed, "the trail has been closed"), false) }
                if let fault = state.fault { return (fault, false) }
                guard state.waiting.count < Self.waitingLimit else {
                    return (AuditError(.system, "too many events wait to be written"), false)
                }
                state.waiting.append(Waiting(event: event, told: continuation))
                defer { state.isWriting = true }
                return (nil, !state.isWriting)
            }
            if let refusal { continuation.resume(returning: refusal) }
            if isFirst { queue.async { self.drain() } }
        }
        if let fault { throw fault }
    }

    /// Writes groups until nobody waits.
    private func drain() {
        while true {
            let group = state.withLock { state -> [Waiting] in
                let group = Array(state.waiting.prefix(Self.groupLimit))
                state.waiting.removeFirst(group.count)
                if group.isEmpty { state.isWriting = false }
                return group
            }
            guard !group.isEmpty else { return }
            var fault: AuditError?
            do throws(AuditError) {
                try writer.writer.write(group.map(\.event), at: now())
            } catch {
                fault = error
            }
            let time = now()
            let written = writer.writer.isBehind ? 0 : writer.writer.number
            state.withLock { state in
                state.durable = max(state.durable, written)
                if fault != nil { state.lastAttempt = time }
                state.fault = fault
            }
            for waiting in group { waiting.told?.resume(returning: fault) }
            if fault == nil, writer.writer.isBehind { settleSoon() }
        }
    }

    /// Has what may lag synced before long: once for all that is written meanwhile.
    private func settleSoon() {
        let isFirst = state.withLock { state -> Bool in
            defer { state.isSettling = true }
            return !state.isSettling
        }
        guard isFirst else { return }
        queue.asyncAfter(deadline: .now() + .milliseconds(Self.settlingTime)) { self.settle() }
    }

    private func settle() {
        state.withLock { $0.isSettling = false }
        do throws(AuditError) {
            try writer.writer.settle(at: now())
            let written = writer.writer.number
            state.withLock { $0.durable = written }
        } catch {
            let time = now()
            state.withLock { ($0.fault, $0.lastAttempt) = (error, time) }
        }
    }

    /// Ends the trail: what waits is written, nothing more is taken.
    public func close() async {
        state.withLock { $0.isClosed = true }
        await withCheckedContinuation { continuation in
            queue.async {
                self.drain()
                self.settle()
                continuation.resume()
            }
        }
    }
}
