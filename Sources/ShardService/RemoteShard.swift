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

    /// Made once: every question bears the same.
    private static let headers: HTTPFields = ["content-type": "application/octet-stream"]

    private let client: HTTPClient
    private let patience: Patience
    private let clock: any Clock<Duration>
    private let language: SharedLanguage

    /// Wraps a client of the shard node's address.
    ///
    /// - Parameters:
    ///   - client: the connections.
    ///   - patience: how long and how often the shard is asked.
    ///   - speaks: the versions of the protocol that may be spoken.
    ///   - clock: what pauses are measured by.
    public init(
        _ client: HTTPClient,
        patience: Patience = Patience(),
        speaks: SpokenVersions = .all,
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        precondition(patience.attempts > 0, "a shard is asked at least once")
        language = SharedLanguage(speaks)
        self.client = client
        self.patience = patience
        self.clock = clock
    }

    /// Asks the shard; asks again, a bounded number of times, while nobody answers at its address.
    ///
    /// - Throws: `ShardError`.
    public func call(_ request: ShardRequest) async throws(ShardError) -> ShardAnswer {
        // Which version both speak is known with the first answer, to whatever question.
        if request.firstVersion > language.current { _ = try await repeatedly(.status) }
        return try await repeatedly(request)
    }

    private func repeatedly(_ request: ShardRequest) async throws(ShardError) -> ShardAnswer {
        let deadline = request.isCommit ? patience.commitDeadline ?? patience.deadline : patience.deadline
        var pause = patience.pause
        for _ in 1..<patience.attempts {
            do throws(ShardError) {
                return try await attempt(request, deadline)
            } catch {
                guard case .unavailable = error, !Task.isCancelled else { throw error }
            }
            try? await clock.sleep(for: pause)
            pause += pause
        }
        return try await attempt(request, deadline)
    }

    /// Asks once, and once more where the shard turns out to speak another version.
    private func attempt(_ request: ShardRequest, _ deadline: Duration) async throws(ShardError) -> ShardAnswer {
        let version = language.current
        let response = try await send(request, version, deadline)
        let wanted = try language.learn(from: response)
        guard let wanted else { return try RemoteShard.answer(response) }
        // A status tells more in a higher version, and it is asked seldom.
        let isPoor = request.isStatus && language.current > version
        guard isPoor || !wanted.contains(version) else { return try RemoteShard.answer(response) }
        return try RemoteShard.answer(try await send(request, language.current, deadline))
    }

    private func send(
        _ request: ShardRequest,
        _ version: UInt16,
        _ deadline: Duration
    ) async throws(ShardError) -> HTTPResponse {
        guard request.firstVersion <= version else {
            throw .badRequest(
                "the request needs version \(request.firstVersion) of the shard protocol, this shard and this program "
                    + "have \(version) in common: upgrade both, or raise --speak"
            )
        }
        let message = HTTPClientRequest(
            method: "POST",
            path: ShardRoute.messages,
            headers: Self.headers,
            body: MessageFrame.encode(request, version: version)
        )
        do throws(TransportError) {
            return try await client.send(message, deadline: deadline)
        } catch {
            throw RemoteShard.shardError(error)
        }
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
    fileprivate var isStatus: Bool {
        switch self {
        case .status: true
        case .guarded(_, let request): request.isStatus
        default: false
        }
    }

    /// Whether something is to be written, also behind a guard.
    fileprivate var isCommit: Bool {
        switch self {
        case .commit: true
        case .guarded(_, let request): request.isCommit
        case .candidates, .read, .scan, .block, .install, .fence, .status, .postings, .posted, .digest, .tail,
            .ruleSets, .dropDamaged:
            false
        }
    }
}
