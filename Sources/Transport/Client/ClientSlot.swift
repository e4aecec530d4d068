internal import HTTP2
internal import Logging
internal import NIOCore

/// One of a client's connections over all its lives; stays on one event loop.
///
/// Connects when there is a call, connects again after a loss, keeps the calls that wait, and watches their deadlines.
final class ClientSlot: CommandTarget {
    /// What the slot's connection is doing.
    private enum Phase {
        /// Nobody has asked for anything.
        case idle
        /// A connection is being made.
        case connecting
        /// Calls can be sent.
        case ready(ClientHandler)
        /// The last attempt failed; until the moment, calls fail at once with its error.
        case pausing(until: NIODeadline, TransportError)
        /// For good.
        case closed
    }

    private let connector: ClientConnector
    private let configuration: HTTPClientConfiguration
    private let eventLoop: any EventLoop
    private var phase = Phase.idle
    private var connections: [Int: ClientHandler] = [:]
    private var connectionCount = 0
    private var waiting: [ClientCall] = []
    private var delay: Duration
    private var alarm: (at: NIODeadline, task: Scheduled<Void>)?
    private var ticker: RepeatedTask?
    private var isMakingRoom = false
    private var closed: EventLoopPromise<Void>

    init(connector: ClientConnector, eventLoop: any EventLoop) {
        self.connector = connector
        configuration = connector.configuration
        self.eventLoop = eventLoop
        delay = configuration.minReconnectDelay
        closed = eventLoop.makePromise()
    }

    // MARK: Commands

    func perform(_ command: ClientCommand) {
        switch command {
        case .submit(let call): submit(call)
        case .cancel(let call, let error): cancel(call, error)
        case .data(let call, let bytes):
            if let (session, stream) = locate(call) {
                session.send(bytes, stream)
            } else if call.position == nil {
                call.keep(bytes)
            }
        case .end(let call):
            if let (session, stream) = locate(call) {
                session.end(stream)
            } else if call.position == nil {
                call.keepEnd()
            }
        case .consumed(let call, let count):
            if let (session, stream) = locate(call) { session.consume(count, stream) }
        case .close:
            close()
        case .abort:
            for handler in Array(connections.values) {
                handler.fail(TransportError(.closed, "request", "the client has been closed"))
            }
        }
    }

    func commandsDone() {
        for handler in connections.values { handler.flush() }
    }

    /// Completes when the slot has been closed and its last connection has ended.
    var whenClosed: EventLoopFuture<Void> { closed.futureResult }

    private func locate(_ call: ClientCall) -> (ClientSession, StreamState)? {
        guard let position = call.position, let session = connections[position.connection]?.session,
            let stream = session.stream(position.stream)
        else { return nil }
        return (session, stream)
    }

    private func submit(_ call: ClientCall) {
        guard !call.isOver else { return }
        watch(call.deadline)
        switch phase {
        case .ready(let handler):
            if handler.isUsable, handler.hasRoom, waiting.isEmpty {
                handler.submit(call)
            } else {
                enqueue(call)
                if !handler.isUsable { connect() }
            }
        case .idle:
            enqueue(call)
            connect()
        case .connecting:
            enqueue(call)
        case .pausing(let moment, let error):
            guard moment <= .now() else {
                call.finish(.failure(error))
                return
            }
            enqueue(call)
            connect()
        case .closed:
            call.finish(.failure(TransportError(.closed, "request", "the client has been closed")))
        }
    }

    private func enqueue(_ call: ClientCall) {
        guard waiting.count < configuration.maxWaitingRequests else {
            call.finish(
                .failure(TransportError(.limitExceeded, "request", "\(waiting.count) requests are waiting to be sent"))
            )
            return
        }
        waiting.append(call)
    }

    private func cancel(_ call: ClientCall, _ error: TransportError) {
        if let (session, stream) = locate(call) {
            (stream.context as? ClientExchange)?.isComplete = true
            session.reset(stream, code: .cancel)
        } else {
            waiting.removeAll { $0 === call }
        }
        call.finish(.failure(error))
    }

    private func close() {
        guard !isClosed else { return }
        phase = .closed
        let error = TransportError(.closed, "request", "the client has been closed")
        for call in waiting { call.finish(.failure(error)) }
        waiting = []
        for handler in connections.values { handler.goAway() }
        finishClosing()
    }

    private var isClosed: Bool {
        if case .closed = phase { true } else { false }
    }

    private func finishClosing() {
        guard isClosed, connections.isEmpty else { return }
        ticker?.cancel()
        alarm?.task.cancel()
        closed.succeed()
    }

    // MARK: Connecting

    private func connect() {
        phase = .connecting
        connectionCount += 1
        let handler = ClientHandler(number: connectionCount, configuration: configuration, slot: self)
        connections[handler.number] = handler
        startTicker()
        let bound = NIOLoopBound((self, handler), eventLoop: eventLoop)
        connector.connect(handler, eventLoop: eventLoop).whenComplete { result in
            let (slot, handler) = bound.value
            switch result {
            case .success(let channel):
                if slot.connections[handler.number] !== handler {
                    // Given up while it was being made.
                    channel.close(promise: nil)
                } else if !slot.connector.isEncrypted {
                    slot.opened(handler)
                }
            case .failure(let error):
                slot.ended(
                    handler,
                    error as? TransportError ?? TransportError(.connectFailed, "connect", "\(error)")
                )
            }
        }
    }

    /// The TLS handshake of a connection is complete.
    func established(_ handler: ClientHandler, _ tls: TLSEstablished) {
        guard tls.negotiatedProtocol == "h2" else {
            handler.fail(TransportError(.tls, "handshake", "the server does not speak HTTP/2"))
            return
        }
        opened(handler)
    }

    private func opened(_ handler: ClientHandler) {
        guard connections[handler.number] === handler else { return }
        do {
            try handler.open()
        } catch {
            handler.fail(TransportError(.connectFailed, error.operation, error.detail))
            return
        }
        delay = configuration.minReconnectDelay
        guard !isClosed else {
            handler.goAway()
            return
        }
        phase = .ready(handler)
        roomMade()
        handler.flush()
    }

    /// Streams may have ended: sends what waits.
    func roomMade() {
        guard !waiting.isEmpty, !isMakingRoom, case .ready(let handler) = phase, handler.isUsable else { return }
        isMakingRoom = true
        defer { isMakingRoom = false }
        var sent = 0
        while sent < waiting.count, handler.hasRoom {
            let call = waiting[sent]
            sent += 1
            if !call.isOver { handler.submit(call) }
        }
        waiting.removeFirst(sent)
    }

    /// The server accepts nothing new on a connection; what waits needs another one.
    func wentAway(_ handler: ClientHandler) {
        guard case .ready(let current) = phase, current === handler else { return }
        phase = .idle
        if !waiting.isEmpty { connect() }
    }

    /// A connection is over, or could not be made.
    func ended(_ handler: ClientHandler, _ error: TransportError) {
        guard connections.removeValue(forKey: handler.number) != nil else { return }
        switch phase {
        case .ready(let current) where current === handler:
            phase = .idle
            if !waiting.isEmpty { connect() }
        case .connecting where handler.number == connectionCount:
            pause(error)
        default:
            break
        }
        if connections.isEmpty, !isClosed { ticker?.cancel(); ticker = nil }
        finishClosing()
    }

    private func pause(_ error: TransportError) {
        var error = error
        if error.code != .tls { error.code = .connectFailed }
        error.operation = "connect to \(connector.endpoint)"
        error.isSafeToRetry = true
        phase = .pausing(until: .now() + TimeAmount(delay), error)
        delay = min(delay * 2, configuration.maxReconnectDelay)
        let calls = waiting
        waiting = []
        for call in calls { call.finish(.failure(error)) }
    }

    // MARK: Time

    private func startTicker() {
        guard ticker == nil else { return }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        let interval = TimeAmount(min(configuration.livenessInterval, configuration.livenessTimeout) / 4)
        ticker = eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
            let now = NIODeadline.now()
            for handler in bound.value.connections.values { handler.checkLiveness(now: now) }
        }
    }

    /// Makes sure that somebody looks when a deadline passes.
    ///
    /// One alarm serves all calls: it is set for the earliest deadline and then looks at all of them, which is rare as
    /// long as calls end before their deadlines.
    private func watch(_ deadline: NIODeadline) {
        if deadline == .distantFuture { return }
        if let alarm, alarm.at <= deadline { return }
        alarm?.task.cancel()
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        alarm = (deadline, eventLoop.scheduleTask(deadline: deadline) { bound.value.endOverdue() })
    }

    private func endOverdue() {
        alarm = nil
        let now = NIODeadline.now()
        let open = connections.values.flatMap { handler in
            (handler.session?.streams.map { $0 } ?? []).compactMap { ($0.context as? ClientExchange)?.call }
        }
        var next: NIODeadline?
        for call in open + waiting where !call.isOver {
            if call.deadline <= now {
                // Whoever let a deadline pass may be away: the next call should not have to find out.
                call.position.flatMap { connections[$0.connection] }?.askWhetherAlive(now: now)
                cancel(call, TransportError(.deadlineExceeded, "request"))
            } else {
                next = min(next ?? call.deadline, call.deadline)
            }
        }
        if let next { watch(next) }
        commandsDone()
    }
}
