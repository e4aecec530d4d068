public import ShardProtocol
public import Transport

/// A shard in another process, asked over HTTP/2.
public struct RemoteShard: ShardClient {
    /// How long and how often a shard is asked.
    public struct Patience: Sendable, Equatable {
        /// For one attempt.
        public var deadline: Duration = .seconds(10)
        /// For one attempt to write; `nil` for `deadline`.
        public var commitDeadline: Duration?
        /// Attempts in all where nobody answers.
        public var attempts = 3
        /// Pause before the second attempt; doubles with each one.
        public var pause: Duration = .milliseconds(50)

        /// The defaults.
        public init() {}
    }

    private let client: HTTPClient
    private let patience: Patience
    private let clock: any Clock<Duration>

    /// Wraps a client of the shard node's address.
    ///
    /// - Parameters:
    ///   - client: the connections.
    ///   - patience: how long and how often the shard is asked.
    ///   - clock: what pauses are measured by.
    public init(
        _ client: HTTPClient,
        patience: Patience = Patience(),
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        precondition(patience.attempts > 0, "a shard is asked at least once")
        self.client = client
        self.patience = patience
        self.clock = clock
    }

    /// Asks the shard; asks again, a bounded number of times, while nobody answers at its address.
    ///
    /// - Throws: `ShardError`.
    public func call(_ request: ShardRequest) async throws(ShardError) -> ShardAnswer {
        let message = HTTPClientRequest(
            method: "POST",
            path: ShardRoute.messages,
            headers: ["content-type": "application/octet-stream"],
            body: MessageFrame.encode(request)
        )
        let deadline = request.isCommit ? patience.commitDeadline ?? patience.deadline : patience.deadline
        var pause = patience.pause
        for _ in 1..<patience.attempts {
            do throws(ShardError) {
                return try await attempt(message, deadline)
            } catch {
                guard case .unavailable = error, !Task.isCancelled else { throw error }
            }
            try? await clock.sleep(for: pause)
            pause += pause
        }
        return try await attempt(message, deadline)
    }

    private func attempt(_ message: HTTPClientRequest, _ deadline: Duration) async throws(ShardError) -> ShardAnswer {
        let response: HTTPResponse
        do throws(TransportError) {
            response = try await client.send(message, deadline: deadline)
        } catch {
            throw RemoteShard.shardError(error)
        }
        return try RemoteShard.answer(response)
    }

    private static func answer(_ response: HTTPResponse) throws(ShardError) -> ShardAnswer {
        guard response.status == 200 else {
            var text = "the shard's address answered \(response.status)"
            if response.status == 403 { text += ": it does not take this certificate for a coordinator's" }
            throw [403, 429, 503].contains(response.status) ? .unavailable(text) : .badRequest(text)
        }
        let decoded = response.body.withUnsafeBytes { bytes in
            Result { () throws(MessageError) in try MessageFrame.decodeAnswer(bytes) }
        }
        switch decoded {
        case .success(.failure(let error)): throw error
        case .success(let answer): return answer
        case .failure(let error): throw .badRequest("answer: \(error)")
        }
    }

    /// What a failure of the wire means to the caller of a shard.
    private static func shardError(_ error: TransportError) -> ShardError {
        switch error.code {
        case .deadlineExceeded: .timeout
        case .connectFailed, .connectionLost, .refused, .cancelled, .streamReset, .limitExceeded, .tls,
            .protocolViolation, .closed:
            .unavailable(error.description)
        }
    }
}

extension ShardRequest {
    /// Whether something is to be written, also behind a guard.
    fileprivate var isCommit: Bool {
        switch self {
        case .commit: true
        case .guarded(_, let request): request.isCommit
        case .candidates, .read, .scan, .block, .install, .fence, .status, .postings, .posted, .digest, .tail,
            .ruleSets:
            false
        }
    }
}
