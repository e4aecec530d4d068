internal import NIOConcurrencyHelpers

/// A body read while it arrives: a sequence of byte chunks for one reader.
///
/// What arrived between two calls of `next` comes as one chunk. The sender may send on only as chunks are taken: at
/// most one flow-control window (1 MiB) waits here.
public final class HTTPBodyStream: AsyncSequence, Sendable {
    /// Chunks of the body; never empty.
    public typealias Element = [UInt8]
    /// The one error of the wire.
    public typealias Failure = TransportError

    private struct State {
        var chunk: [UInt8] = []
        var ending: Result<Void, TransportError>?
        var trailers = HTTPFields()
        var waiter: CheckedContinuation<Result<[UInt8]?, TransportError>, Never>?
    }

    private let state = NIOLockedValueBox(State())
    private let onTaken: @Sendable (Int) -> Void

    init(onTaken: @escaping @Sendable (Int) -> Void) {
        self.onTaken = onTaken
    }

    /// The next chunk, or nil at the end of the body.
    ///
    /// - Throws: `connectionLost`, `streamReset`, `deadlineExceeded` when the body broke off; `cancelled` when the
    ///   calling task was.
    public func next() async throws(TransportError) -> [UInt8]? {
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                take(continuation)
            }
        } onCancel: {
            finish(.failure(TransportError(.cancelled, "read body")))
        }
        let chunk = try result.get()
        if let chunk { onTaken(chunk.count) }
        return chunk
    }

    /// Reads to the end.
    ///
    /// - Throws: `limitExceeded` past the bound, and what `next` throws.
    public func collect(maxBytes: Int) async throws(TransportError) -> [UInt8] {
        var whole: [UInt8] = []
        while let chunk = try await next() {
            guard whole.count + chunk.count <= maxBytes else {
                throw TransportError(.limitExceeded, "read body", "longer than \(maxBytes) bytes")
            }
            if whole.isEmpty { whole = chunk } else { whole.append(contentsOf: chunk) }
        }
        return whole
    }

    /// The fields that followed the body; complete once `next` has returned nil.
    public var trailers: HTTPFields {
        state.withLockedValue { $0.trailers }
    }

    /// The iterator of the one reader.
    public func makeAsyncIterator() -> Iterator {
        Iterator(stream: self)
    }

    /// Reads the stream it came from.
    public struct Iterator: AsyncIteratorProtocol {
        let stream: HTTPBodyStream

        /// The next chunk, or nil at the end.
        public mutating func next() async throws(TransportError) -> [UInt8]? {
            try await stream.next()
        }

        /// The next chunk, or nil at the end.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(TransportError) -> [UInt8]? {
            try await stream.next()
        }
    }

    // MARK: The wire's side

    /// Adds bytes that arrived.
    func push(_ bytes: borrowing Span<UInt8>) {
        let waiting = state.withLockedValue {
            state -> (CheckedContinuation<Result<[UInt8]?, TransportError>, Never>, [UInt8])? in
            bytes.withUnsafeBufferPointer { state.chunk.append(contentsOf: $0) }
            guard let waiter = state.waiter else { return nil }
            state.waiter = nil
            return (waiter, Self.takeChunk(&state))
        }
        waiting.map { waiter, chunk in waiter.resume(returning: .success(chunk)) }
    }

    /// Marks the end, or why there is none; the first call counts.
    func finish(_ ending: Result<Void, TransportError>, trailers: HTTPFields = HTTPFields()) {
        let waiter = state.withLockedValue { state -> CheckedContinuation<Result<[UInt8]?, TransportError>, Never>? in
            guard state.ending == nil else { return nil }
            state.ending = ending
            state.trailers = trailers
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(returning: ending.map { nil })
    }

    private func take(_ continuation: CheckedContinuation<Result<[UInt8]?, TransportError>, Never>) {
        let ready = state.withLockedValue { state -> Result<[UInt8]?, TransportError>? in
            if !state.chunk.isEmpty { return .success(Self.takeChunk(&state)) }
            if let ending = state.ending { return ending.map { nil } }
            guard state.waiter == nil else {
                return .failure(TransportError(.protocolViolation, "read body", "two readers of one body"))
            }
            state.waiter = continuation
            return nil
        }
        if let ready { continuation.resume(returning: ready) }
    }

    private static func takeChunk(_ state: inout State) -> [UInt8] {
        var chunk: [UInt8] = []
        swap(&chunk, &state.chunk)
        return chunk
    }
}
