internal import HTTP2
internal import NIOCore

/// Time limits and the graceful end of an HTTP/2 connection.
extension HTTP2ServerHandler {
    /// Looks at every time limit of the connection; called a few times within the shortest of them.
    func checkTimes() {
        guard let session, let context, !isClosing else { return }
        now = .now()
        if !context.channel.isWritable, lastWritable.isOlder(than: server.limits.writeTimeout, at: now) {
            // The client takes nothing at all: there is no use in telling it.
            isClosing = true
            context.close(mode: .all, promise: nil)
            return
        }
        if context.channel.isWritable { lastWritable = now }
        checkPartialHead(session)
        for stream in session.streams { check(stream, session) }
        checkLiveness(session)
        if drain == .announced { refuseNewStreams() }
        flush()
    }

    /// A header block that began and does not end holds up the whole connection.
    private func checkPartialHead(_ session: ServerSession) {
        guard let stream = session.streams.first(where: { $0.context == nil }) else {
            partialHead = nil
            return
        }
        guard let partialHead, partialHead.stream == stream.id else {
            partialHead = (stream.id, now)
            return
        }
        if partialHead.since.isOlder(than: server.limits.handshakeTimeout, at: now) {
            session.terminate(code: .enhanceYourCalm)
        }
    }

    private func check(_ stream: StreamState, _ session: ServerSession) {
        guard let exchange = stream.context as? ServerExchange else { return }
        if stream.pendingOutput > 0 {
            if exchange.lastOutput.isOlder(than: server.limits.writeTimeout, at: now) {
                session.reset(stream, code: .cancel)
            }
            return
        }
        guard case .gathering = exchange.intake,
            exchange.lastInput.isOlder(than: server.limits.bodyTimeout, at: now)
        else { return }
        refuse(stream, exchange, WireAnswer.timeout)
    }

    /// Closes an idle connection; asks a silent one with open requests whether it lives, then closes it.
    private func checkLiveness(_ session: ServerSession) {
        if session.streamCount == 0 {
            if lastRead.isOlder(than: server.limits.idleTimeout, at: now) { session.terminate(code: .noError) }
        } else if let pingSince {
            guard pingSince.isOlder(than: server.limits.livenessTimeout, at: now) else { return }
            isClosing = true
            context?.close(promise: nil)
        } else if lastRead.isOlder(than: server.limits.livenessInterval, at: now) {
            pingSince = now
            session.ping()
        }
    }

    func beginDrain() {
        guard drain == .none, let session else { return }
        drain = .announced
        session.announceShutdown()
        // The answer shows that the client has read the announcement; requests sent before it have then arrived.
        session.ping()
        flush()
    }

    func refuseNewStreams() {
        guard drain == .announced else { return }
        drain = .refusing
        session?.goAway()
    }
}

extension SessionLimits {
    init(_ limits: HTTPLimits) {
        self.init()
        maxConcurrentStreams = limits.maxConcurrentStreams
        maxHeaderBytes = limits.maxHeaderBytes
        maxHeaderFieldBytes = limits.maxHeaderFieldBytes
        maxHeaderCount = limits.maxHeaderCount
        streamWindow = limits.streamWindow
        connectionWindow = limits.connectionWindow
        resetBurst = limits.resetBurst
        resetRate = limits.resetRate
        maxContinuations = limits.maxContinuations
        maxPendingAcknowledgements = limits.maxPendingAcknowledgements
    }
}
