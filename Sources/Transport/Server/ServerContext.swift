internal import Logging
internal import NIOCore

/// What all connections of a server share.
struct ServerContext: Sendable {
    let application: HTTPApplication
    let limits: HTTPLimits
    let registry: ConnectionRegistry
    let logger: Logger
    var refused: TLSRefusal?
    let dates = DateStamp()

    /// The fields an answer leaves with.
    ///
    /// A server of `async` handlers adds the date; inline handlers answer machines of this house, which need none.
    func outgoing(_ headers: HTTPFields) -> HTTPFields {
        guard case .async = application, !headers.contains("date") else { return headers }
        var headers = headers
        headers.add("date", dates.text)
        return headers
    }

    /// How often a connection looks at its time limits: often enough for the shortest, seldom enough to cost nothing.
    var tick: TimeAmount {
        let shortest =
            [
                limits.handshakeTimeout, limits.idleTimeout, limits.bodyTimeout, limits.writeTimeout,
                limits.livenessInterval, limits.livenessTimeout,
            ].map { TimeAmount($0).nanoseconds }.min() ?? 1_000_000_000
        return .nanoseconds(min(max(shortest / 4, 10_000_000), 1_000_000_000))
    }
}

extension NIODeadline {
    /// Whether more than a duration has passed since this moment.
    func isOlder(than duration: Duration, at now: NIODeadline) -> Bool {
        now - self > TimeAmount(duration)
    }
}
