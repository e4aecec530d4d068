public import NIOCore

/// Sends HL7 v2 messages over MLLP, one at a time, each until its answer has come.
///
///     let client = try MLLPClient(endpoint: Endpoint(host: "10.0.0.7", port: 2575), group: group)
///     let answer = try await client.send(message)
///
/// The connection is made when it is needed, and made anew after it was lost.
public final class MLLPClient: Sendable {
    private let connection: LoneConnection
    private let timeout: Duration

    /// A client of an endpoint.
    ///
    /// - Parameters:
    ///   - endpoint: where to; TLS where it names certificates.
    ///   - group: the event loops.
    ///   - timeout: how long connecting may take, and how long an answer.
    /// - Throws: `tls` when certificates do not load.
    public init(
        endpoint: Endpoint,
        group: any EventLoopGroup,
        timeout: Duration = .seconds(30)
    ) throws(TransportError) {
        connection = try LoneConnection(endpoint, group: group, timeout: timeout)
        self.timeout = timeout
    }

    /// Sends a message and waits for its answer; only one message may be under way.
    ///
    /// - Throws: `TransportError` where no answer came; whether the message was dealt with is then not known.
    public func send(_ message: [UInt8]) async throws(TransportError) -> [UInt8] {
        let channel = try await connection.open { MLLPClientHandler() }
        let promise = channel.eventLoop.makePromise(of: [UInt8].self)
        let limit = channel.eventLoop.scheduleTask(in: TimeAmount(timeout)) {
            promise.fail(TransportError(.deadlineExceeded, "answer"))
        }
        channel.writeAndFlush(MLLPRequest(message: message, answer: promise)).cascadeFailure(to: promise)
        do {
            let answer = try await promise.futureResult.get()
            limit.cancel()
            return answer
        } catch {
            limit.cancel()
            close()
            throw error as? TransportError ?? TransportError(.connectionLost, "answer", "\(error)")
        }
    }

    /// Closes the connection; the next message makes a new one.
    public func close() { connection.close() }
}
